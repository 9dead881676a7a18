import BotKit
import Foundation

/// Settings of the earlier bot for what Martlet does not do yet. They are taken and kept, and the answer says so.
enum EarlierSettings {
    static let described: [RuntimeSettingDescription] = [
        choice(
            "dalle", "size", ["256x256", "512x512", "1024x1024"],
            Text(
                "configuration.dalle_size_usage", en: "{command} dalle size <size> - the size of images that are made",
                he: "{command} dalle size <size> - הגודל של תמונות שנוצרות")),
        choice(
            "transcription", "enabled", ["true", "false"],
            Text(
                "configuration.transcription_enabled_usage",
                en: "{command} transcription enabled <enabled> - whether voice notes are written down",
                he: "{command} transcription enabled <enabled> - אם לתמלל הודעות קוליות")),
        choice(
            "transcription", "mode", ["local", "speech-api", "whisper-api", "openai"],
            Text(
                "configuration.transcription_mode_usage",
                en: "{command} transcription mode <mode> - what writes voice notes down",
                he: "{command} transcription mode <mode> - מה מתמלל הודעות קוליות")),
        choice(
            "tts", "enabled", ["true", "false"],
            Text(
                "configuration.tts_enabled_usage", en: "{command} tts enabled <enabled> - whether answers are spoken",
                he: "{command} tts enabled <enabled> - אם להקריא תשובות")),
        choice(
            "tts", "mode", ["speech-api", "aws-polly"],
            Text(
                "configuration.tts_mode_usage", en: "{command} tts mode <mode> - what speaks answers",
                he: "{command} tts mode <mode> - מה מקריא תשובות")),
        RuntimeSetting<String>(
            "sd", "setModel", in: [.installation],
            usage: Text(
                "configuration.sd_model_usage", en: "{command} sd setModel <name> - the model that makes images",
                he: "{command} sd setModel <name> - המודל שיוצר תמונות"),
            valid: Text(
                "configuration.sd_model_valid", en: "sd setModel: the name of a model", he: "sd setModel: שם של מודל")
        ) { (1...100).contains($0.count) ? $0 : nil }.described(fallback: nil, isFreeText: true, isUsed: false),
    ]

    private static func choice(_ target: String, _ key: String, _ values: [String], _ usage: Text)
        -> RuntimeSettingDescription
    {
        RuntimeSetting<String>(
            target, key, in: [.installation, .account, .chat], usage: usage,
            valid: Text("configuration.choice_valid", en: "{name}: one of {values}", he: "{name}: אחד מאלה: {values}")
                .with([
                    "name": "\(target) \(key)", "values": values.joined(separator: ", "),
                ])
        ) { values.contains($0.lowercased()) ? $0.lowercased() : nil }.described(fallback: nil, isUsed: false)
    }
}
