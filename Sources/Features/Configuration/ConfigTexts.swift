import BotKit

extension Text {
    static let configUsage = Text(
        "configuration.usage",
        en: "{command} [set|unset|undo|dry-run] [--here|--me|--account|--all] <target> <key> <value> - sets it",
        he: "{command} [set|unset|undo|dry-run] [--here|--me|--account|--all] <target> <key> <value> - קובע הגדרה")
    static let lookUsage = Text(
        "configuration.look_usage", en: "{command} show, {command} help – what is set, and what can be",
        he: "{command} show, {command} help – מה מוגדר ומה אפשר להגדיר")
    static let changeSelfUsage = Text(
        "configuration.self_usage",
        en: "{command} set --me general language <en|he> – the language that I speak with you",
        he: "{command} set --me general language <en|he> – השפה שבה אדבר איתך")
    static let changeChatUsage = Text(
        "configuration.chat_usage", en: "{command} set --here <target> <key> <value> – a setting of this chat",
        he: "{command} set --here <target> <key> <value> – הגדרה של הצ׳אט הזה")
    static let changeAllUsage = Text(
        "configuration.all_usage", en: "{command} <target> <key> <value> – a setting of the whole bot",
        he: "{command} <target> <key> <value> – הגדרה של הבוט כולו")

    static let availableCommands = Text("configuration.commands", en: "Available commands:", he: "פקודות אפשריות:")
    static let availableValues = Text("configuration.values", en: "\nAvailable values:", he: "\nערכים אפשריים:")
    static let settingsInForce = Text("configuration.in_force", en: "In force here:", he: "מה שחל כאן:")
    static let onlyInEnvironment = Text(
        "configuration.only_in_environment", en: "\nOnly whoever runs me can change these:",
        he: "\nאת אלה יכול לשנות רק מי שמפעיל אותי:")
    static let lineOfEnvironment = Text(
        "configuration.line", en: "    {name}: {value} (as installed)", he: "    {name}: {value} (לפי ההתקנה)")

    static let tooFewArguments = Text("configuration.too_few", en: "Too few arguments.", he: "חסרים פרטים.")
    static let invalidTarget = Text(
        "configuration.invalid_target", en: "Invalid target: {target}. Available targets: {targets}",
        he: "אין קבוצת הגדרות בשם {target}. הקבוצות האפשריות: {targets}")
    static let invalidKey = Text(
        "configuration.invalid_key", en: "Invalid key for {target}: {key}. Available keys: {keys}",
        he: "אין ב־{target} הגדרה בשם {key}. ההגדרות האפשריות: {keys}")
    static let invalidValue = Text(
        "configuration.invalid_value", en: "Invalid value for {name}. Available values:",
        he: "ערך לא תקין עבור {name}. הערכים האפשריים:")
    static let notInScope = Text(
        "configuration.not_in_scope", en: "{name} cannot be set for that. It can be set with: {flags}",
        he: "אי אפשר להגדיר כך את {name}. אפשר עם: {flags}")
    static let notOffered = Text(
        "configuration.not_offered", en: "For {name} you may choose among: {values}",
        he: "עבור {name} אפשר לבחור מתוך: {values}")
    static let noImagesYet = Text(
        "configuration.no_images_yet", en: "I do not make images yet, neither with !sd nor with sd generate.",
        he: "אני עדיין לא יוצר תמונות, לא עם !sd ולא עם sd generate.")
    static let whitelistUsage = Text(
        "configuration.whitelist_usage",
        en: "{command} general whitelist <numbers> - lets these numbers in, as !allow does",
        he: "{command} general whitelist <numbers> - מאשר את המספרים האלה, כמו !allow")
    static let whitelisted = Text(
        "configuration.whitelisted",
        en: "From now on I answer {people}. Nobody else was taken off the list: !unblock does that.",
        he: "מעכשיו אענה אל {people}. אף אחד לא הוסר מהרשימה: לזה יש !unblock.")
    static let whitelistIsElsewhere = Text(
        "configuration.whitelist", en: "Whom I answer is decided with !allow, !deny and !unblock.",
        he: "למי אני עונה נקבע עם !allow, !deny ו-!unblock.")

    static let nothingChanged = Text("configuration.dry_run", en: "Nothing was changed.", he: "שום דבר לא השתנה.")
    static let unset = Text(
        "configuration.unset", en: "{name} is no longer set here; what is set more widely holds.",
        he: "{name} כבר לא מוגדר כאן; חל מה שמוגדר באופן כללי יותר.")
    static let nothingToUnset = Text(
        "configuration.nothing_to_unset", en: "{name} is not set here.", he: "{name} לא מוגדר כאן.")
    static let nothingToUndo = Text(
        "configuration.nothing_to_undo", en: "There is no change to take back here.", he: "אין כאן שינוי לבטל.")
    static let notUsedYet = Text(
        "configuration.not_used_yet", en: "It is kept, but nothing I do depends on it yet.",
        he: "זה נשמר, אבל עדיין שום דבר אצלי לא תלוי בזה.")
    static let chatID = Text("configuration.chat_id", en: "This chat: {id}", he: "הצ׳אט הזה: {id}")

    static let noSecretsInChats = Text(
        "configuration.no_secrets",
        en: "Secrets cannot be changed in a chat. Put it into .env ({variable}) and restart the bot.",
        he: "אי אפשר לשנות סודות בצ׳אט. צריך לרשום אותו ב־.env ({variable}) ולהפעיל מחדש את הבוט.")
    static let secretWasSaid = Text(
        "configuration.secret_was_said",
        en: "Please delete your message, and replace the secret: it has been said here.",
        he: "כדאי למחוק את ההודעה ולהחליף את הסוד: הוא כבר נאמר כאן.")
    static let allowedSettings = Text(
        "configuration.allowed", en: "\nAllowed settings: {names}", he: "\nהגדרות מותרות: {names}")
    static let restrictedSettings = Text(
        "configuration.restricted", en: "Restricted settings: {names}", he: "הגדרות חסומות: {names}")
    static let seeMigration = Text(
        "configuration.migration", en: "\nSee docs/migration.md.", he: "\nפרטים ב־docs/migration.md.")
    static let keyIsUsed = Text(
        "configuration.key_is_used", en: "The key is in use until the next start. Please delete your message.",
        he: "המפתח בשימוש עד ההפעלה הבאה. כדאי למחוק את ההודעה.")
    static let loginFirst = Text(
        "configuration.login_first", en: "This asks for an admin session: send !admin-login, then the command again.",
        he: "לזה צריך חיבור של מנהל: שולחים !admin-login, ואז שוב את הפקודה.")
    static let secretsEnd = Text(
        "configuration.secrets_end",
        en: "Warning: secrets can be changed in a chat only until {day}. Put it into .env instead: {variable}",
        he: "אזהרה: אפשר לשנות סודות בצ׳אט רק עד {day}. עדיף לרשום ב־.env: {variable}")

    /// The value that a change would replace.
    static func before(_ value: String?) -> Text {
        guard let value else {
            return Text("configuration.before_unset", en: "It is not set now.", he: "כרגע זה לא מוגדר.")
        }
        return Text("configuration.before", en: "Now it is {value}.", he: "כרגע זה {value}.").with(["value": value])
    }

    /// The sentence four spaces in.
    static func indented(_ text: Text) -> Text {
        Text(text.key, en: "    \(text.english)", he: "    \(text.hebrew)").with(text.values)
    }
}

extension SettingScope {
    /// Says that it is set.
    var confirmation: Text {
        switch self {
        case .installation:
            Text("configuration.set_all", en: "Set {name} to {value}.", he: "הערך של {name} הוא עכשיו {value}.")
        case .account:
            Text(
                "configuration.set_account", en: "Set {name} to {value} for this account.",
                he: "הערך של {name} בחשבון הזה הוא עכשיו {value}.")
        case .chat:
            Text(
                "configuration.set_chat", en: "Set {name} to {value} for this chat.",
                he: "הערך של {name} בצ׳אט הזה הוא עכשיו {value}.")
        case .member:
            Text(
                "configuration.set_self", en: "Set {name} to {value} for you.",
                he: "הערך של {name} עבורך הוא עכשיו {value}.")
        }
    }

    /// Says what would be set.
    var wouldBe: Text {
        switch self {
        case .installation:
            Text(
                "configuration.would_all", en: "{name} would be {value} everywhere.",
                he: "{name} יהיה {value} בכל מקום.")
        case .account:
            Text(
                "configuration.would_account", en: "{name} would be {value} for this account.",
                he: "{name} יהיה {value} בחשבון הזה.")
        case .chat:
            Text(
                "configuration.would_chat", en: "{name} would be {value} in this chat.",
                he: "{name} יהיה {value} בצ׳אט הזה.")
        case .member:
            Text("configuration.would_self", en: "{name} would be {value} for you.", he: "{name} יהיה {value} עבורך.")
        }
    }

    /// A line of what is in force.
    var line: Text {
        switch self {
        case .installation:
            Text(
                "configuration.line_all", en: "    {name}: {value} (set for all)",
                he: "    {name}: {value} (הוגדר לכולם)")
        case .account:
            Text(
                "configuration.line_account", en: "    {name}: {value} (set for this account)",
                he: "    {name}: {value} (הוגדר לחשבון הזה)")
        case .chat:
            Text(
                "configuration.line_chat", en: "    {name}: {value} (set for this chat)",
                he: "    {name}: {value} (הוגדר לצ׳אט הזה)")
        case .member:
            Text(
                "configuration.line_self", en: "    {name}: {value} (set for you)",
                he: "    {name}: {value} (הוגדר עבורך)")
        }
    }
}
