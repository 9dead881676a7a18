import AIServices
import BotCore
import BotKit
import ControlPlane
import Features
import Foundation
import Providers

/// What shows that settings cannot work before anything is written: a start that is refused leaves no trace.
struct StartCheck {
    let settings: ProductSettings

    /// - Parameters:
    ///   - listens: whether the HTTP port will be opened.
    ///   - isWorker: whether only heavy work will be done.
    /// - Throws: `Misconfiguration`.
    func run(listens: Bool, isWorker: Bool = false) throws {
        try LanguageModels.check(settings.model)
        try checkLanguage()
        try checkPrefixes()
        try checkPrePrompt()
        try settings.web.check()
        try settings.cloud.check()
        if isWorker { try checkWorker() }
        if let file = settings.model.priceFile { _ = try PriceList.load(URL(filePath: file)) }
        if listens { try settings.control.checkAddress() }
    }

    private func checkWorker() throws {
        guard !settings.cloud.isConfigured else { return }
        throw Misconfiguration(
            "WORKER_MODE", "has nothing to do without an account of the Cloud API",
            remedy: "Set CLOUD_PHONE_NUMBER_ID as for the bot; the bot itself does the work of linked accounts.")
    }

    private func checkLanguage() throws {
        let known = ([.english, .hebrew] + Languages.overlays.keys).map(\.rawValue).sorted()
        guard !known.contains(settings.core.pipeline.language.rawValue) else { return }
        throw Misconfiguration(
            "DEFAULT_LANGUAGE", "is no language of this program",
            remedy: "Set it to \(known.joined(separator: " or ")).")
    }

    /// An operator's own word must not hide a command.
    private func checkPrefixes() throws {
        let taken = ["help", "start", "stop", "status", "activation", "עזרה"]
        let own = [
            ("GPT_PREFIX", settings.chat.gptPrefix, taken + ["reset", "איפוס"]),
            ("RESET_PREFIX", settings.chat.resetPrefix, taken + ["gpt"]),
        ].map { ($0.0, $0.1.lowercased().drop { $0 == "!" || $0 == "/" }, $0.2) }
        for (name, word, others) in own where others.contains(String(word)) {
            throw Misconfiguration(name, "is the word of another command", remedy: "Set \(name) to a word of its own.")
        }
        guard own[0].1 != own[1].1 || own[0].1.isEmpty else {
            throw Misconfiguration(
                "RESET_PREFIX", "is the same word as GPT_PREFIX", remedy: "Set RESET_PREFIX to a word of its own.")
        }
    }

    /// A pre-prompt that fills the window leaves the bot without memory.
    private func checkPrePrompt() throws {
        guard let text = settings.chat.prePrompt else { return }
        let (size, limit) = (TokenEstimate().count(text), settings.chat.contextTokens)
        guard size > limit / 2 else { return }
        throw Misconfiguration(
            "PRE_PROMPT", "takes about \(size) tokens of the \(limit) of MAX_MODEL_TOKENS",
            remedy: "Shorten it, or set MAX_MODEL_TOKENS to twice its size at least.")
    }
}
