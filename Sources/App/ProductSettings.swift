import AIServices
import BotCore
import BotKit
import Configuration
import ControlPlane
import Features
import Providers

/// All settings of the product, each read once at start.
struct ProductSettings: Sendable {
    /// The groups, in the order of the reference page.
    static let groups: [any SettingsGroup.Type] = [
        ProcessSettings.self, WhatsAppWebSettings.self, WhatsAppCloudSettings.self, LanguageModelSettings.self,
        ChatSettings.self, AccessSettings.self, AuditSettings.self, PipelineSettings.self, OutboxSettings.self,
        JobSettings.self, AlertSettings.self,
        ControlPlaneSettings.self,
        LogSettings.self,
    ]

    let process: ProcessSettings
    var web: WhatsAppWebSettings
    var cloud: WhatsAppCloudSettings
    let model: LanguageModelSettings
    let chat: ChatSettings
    var core: BotCore.Settings
    let control: ControlPlaneSettings
    let logs: LogSettings

    init(_ config: ConfigReader) throws {
        process = try ProcessSettings(config)
        web = try WhatsAppWebSettings(config)
        cloud = try WhatsAppCloudSettings(config)
        model = try LanguageModelSettings(config)
        chat = try ChatSettings(config)
        core = BotCore.Settings(
            pipeline: try PipelineSettings(config), outbox: try OutboxSettings(config), jobs: try JobSettings(config),
            access: try AccessSettings(config), audit: try AuditSettings(config),
            alerts: try AlertSettings(config))
        control = try ControlPlaneSettings(config)
        logs = try LogSettings(config)
    }
}

/// What concerns the process as a whole: `MARTLET_HOME`, `MARTLET_TERMINAL`.
struct ProcessSettings: SettingsGroup {
    static let title = "Process"

    static let terminal = Setting.flag(
        "MARTLET_TERMINAL", default: false, "Whether `martlet run` also talks in the terminal that it runs in.")

    static let settings = [Home.setting.described, terminal.described]

    let usesTerminal: Bool

    init(_ config: ConfigReader) throws {
        _ = try config[Home.setting]
        usesTerminal = try config[Self.terminal]
    }
}
