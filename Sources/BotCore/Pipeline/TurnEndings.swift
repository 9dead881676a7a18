import BotKit
import Logging

/// Turns what was thrown into an ending. The member reads the catalogue's words, and never the error.
struct TurnEndings: Sendable {
    let logger: Logger
    let metrics: PipelineMetrics

    func take(_ error: any Error, in line: inout TurnLine, isStopped: Bool) {
        if isStopped { return line.end(.stopped, because: .stopped, with: []) }
        if let silence = error as? Silence { return line.end(silence.outcome, because: silence.reason, with: []) }
        var details = metadata(of: line, error)
        if let refusal = error as? Refusal {
            details["code"] = "\(refusal.reason)"
            metrics.refused(refusal.reason)
            logger.info("a turn was refused", metadata: details)
            return line.end(with: refusal)
        }
        let code = error.catalogued
        details["code"] = "\(code.label)"
        metrics.failed(code)
        if error.classified == .outage {
            logger.warning("a turn failed for now", metadata: details)
            line.end(.failed, because: .outage, saying: code)
        } else {
            logger.error("a turn failed", metadata: details)
            line.end(.failed, because: .failed, saying: code)
        }
    }

    func metadata(of line: TurnLine, _ error: (any Error)?) -> Logger.Metadata {
        var metadata: Logger.Metadata = ["turn": .own(line.id), "reference": .own(line.reference)]
        if let error { metadata["error"] = "\(error.safeDescription)" }
        return metadata
    }
}
