import AIServices
import BotCore
import BotKit
import Configuration
import ControlPlane
import Features
import Foundation
import Providers

/// All settings of the product, each read once at start.
struct ProductSettings: Sendable {
    /// The groups, in the order of the reference page.
    static let groups: [any SettingsGroup.Type] = [
        ProcessSettings.self, WhatsAppWebSettings.self, WhatsAppCloudSettings.self, LanguageModelSettings.self,
        ChatSettings.self, ConfigurationSettings.self, AccessSettings.self, AuditSettings.self, PrivacySettings.self,
        PipelineSettings.self, OutboxSettings.self, LimitSettings.self, JobSettings.self, QueueSettings.self,
        AlertSettings.self,
        ControlPlaneSettings.self,
        LogSettings.self,
    ]

    let process: ProcessSettings
    var web: WhatsAppWebSettings
    var cloud: WhatsAppCloudSettings
    let model: LanguageModelSettings
    let chat: ChatSettings
    let configuration: ConfigurationSettings
    var core: BotCore.Settings
    let control: ControlPlaneSettings
    let logs: LogSettings

    init(_ config: ConfigReader) throws {
        process = try ProcessSettings(config)
        web = try WhatsAppWebSettings(config)
        cloud = try WhatsAppCloudSettings(config)
        model = try LanguageModelSettings(config)
        chat = try ChatSettings(config)
        configuration = try ConfigurationSettings(config)
        core = BotCore.Settings(
            pipeline: try PipelineSettings(config), outbox: try OutboxSettings(config), jobs: try JobSettings(config),
            queue: try QueueSettings(config), access: try AccessSettings(config), audit: try AuditSettings(config),
            privacy: try PrivacySettings(config), limits: try LimitSettings(config),
            alerts: try AlertSettings(config))
        control = try ControlPlaneSettings(config)
        logs = try LogSettings(config)
    }

    /// What stands in the environment alone and may be shown to who administers the bot.
    var shown: [(name: String, value: String)] {
        [
            ("GPT_PREFIX", chat.gptPrefix), ("RESET_PREFIX", chat.resetPrefix),
            ("AI_CONFIG_PREFIX", configuration.prefix), ("PREFIX_ENABLED", "\(core.pipeline.requiresPrefix)"),
            ("GROUPCHATS_ENABLED", "\(core.pipeline.groupsEnabled)"),
            ("ACCESS_POLICY", core.access.people.rawValue), ("VISION_ENABLED", "\(chat.visionEnabled)"),
        ]
    }
}

/// What concerns the process as a whole: its folders, and whether it talks in the terminal.
struct ProcessSettings: SettingsGroup {
    static let title = "Process"

    static let terminal = Setting.flag(
        "MARTLET_TERMINAL", default: false, "Whether `martlet run` also talks in the terminal that it runs in.")

    static let temporaryRoot = Setting<String?>.text(
        "MARTLET_TEMP",
        "The folder for files under way, mode 0700, in which each process makes one of its own. Without it media/ in "
            + "MARTLET_HOME.")
    static let temporaryQuota = Setting.limit(
        "TEMP_QUOTA_MEGABYTES", default: 1_024, upTo: 1_048_576,
        "How many megabytes files under way may take altogether; what would need more is refused for now.")

    static let worker = Setting.flag(
        "WORKER_MODE", default: false,
        "Whether `martlet run` does only heavy work of the queue (QUEUE_CONCURRENCY pieces at a time), of accounts of "
            + "the Cloud API, beside a bot on the same MARTLET_HOME, which sends what comes of it.")

    static let settings = [
        Home.setting.described, temporaryRoot.described, temporaryQuota.described, terminal.described, worker.described,
    ]

    let isWorker: Bool
    let usesTerminal: Bool
    /// `nil` for a folder in the data folder.
    let temporaryRoot: URL?
    /// In bytes.
    let temporaryQuota: Int

    init(_ config: ConfigReader) throws {
        _ = try config[Home.setting]
        isWorker = try config[Self.worker]
        usesTerminal = try config[Self.terminal]
        temporaryRoot = try config[Self.temporaryRoot].map { path in
            guard path.hasPrefix("/") else {
                throw Misconfiguration(
                    Self.temporaryRoot.name, "must be a path that begins with /",
                    remedy: "Write the whole path, so that every start finds the same folder.")
            }
            return URL(filePath: path, directoryHint: .isDirectory)
        }
        let megabytes = try config[Self.temporaryQuota]
        temporaryQuota = megabytes == .max ? .max : megabytes << 20
    }
}
