public import BotKit
public import Configuration

/// How the audit is kept: `AUDIT_SEAL_EVERY`.
public struct AuditSettings: SettingsGroup {
    public static let title = "Audit"

    static let sealEvery = Setting.integer(
        "AUDIT_SEAL_EVERY", default: 1, in: 1...10_000,
        "How many entries of the audit may be written before the last of them is signed. What comes after the last "
            + "signature could be cut off unnoticed."
    ).neverZero("the end of the audit could be cut off")

    public static let settings = [sealEvery.described]

    public var sealEvery: Int

    public init(_ config: ConfigReader) throws { sealEvery = try config[Self.sealEvery] }
}
