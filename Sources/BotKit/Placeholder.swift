// BotKit
