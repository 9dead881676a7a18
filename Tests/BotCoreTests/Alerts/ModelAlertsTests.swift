import BotKit
import Logging
import TestKit
import Testing

@testable import BotCore

/// What the operator hears of models that nobody else can mend.
@Suite struct ModelAlertsTests {
    private let log = LogBook()

    private func place(_ key: Int = 0, endpoint: Int = 0) -> ModelPlace {
        ModelPlace(endpoint: endpoint, host: "models.example.org", key: key, of: 2)
    }

    private func fault(_ code: String) -> ModelFault { ModelFault(code: code, remedy: "Check OPENAI_API_KEY.") }

    @Test(arguments: [
        ("unauthorized", "model_key_refused"), ("insufficient_quota", "model_no_credit"),
        ("model_not_found", "model_unknown"),
    ])
    func `is told once, until it heals`(_ code: String, _ kind: String) {
        let alerts = ModelAlerts(logger: log.logger)
        for _ in 0..<3 { alerts.refused(fault(code), at: place()) }
        #expect(log.alerts == [kind])
        #expect(log.entries[0].level == .critical)
        #expect(log.entries[0].metadata["remedy"] == "Check OPENAI_API_KEY.")
        #expect(log.entries[0].metadata["host"] == "models.example.org" && log.entries[0].metadata["key"] == "1 of 2")
        alerts.answered(at: place())
        #expect(log.entries.count == 2 && log.entries[1].metadata["ended"] == "\(kind)")
        alerts.answered(at: place())
        #expect(log.entries.count == 2)
        alerts.refused(fault(code), at: place())
        #expect(log.alerts == [kind, kind])
    }

    @Test func `each kind and each endpoint is told of`() {
        let alerts = ModelAlerts(logger: log.logger)
        alerts.refused(fault("unauthorized"), at: place())
        alerts.refused(fault("model_not_found"), at: place())
        alerts.refused(fault("unauthorized"), at: place(endpoint: 1))
        alerts.answered(at: place(endpoint: 1))
        alerts.refused(fault("unauthorized"), at: place())
        #expect(log.alerts == ["model_key_refused", "model_unknown", "model_key_refused"])
    }

    @Test func `a good key heals no other, but shows that the model is there`() {
        let alerts = ModelAlerts(logger: log.logger)
        alerts.refused(fault("unauthorized"), at: place(0))
        alerts.refused(fault("unauthorized"), at: place(1))
        alerts.refused(fault("model_not_found"), at: place(0))
        #expect(log.alerts == ["model_key_refused", "model_unknown"])
        alerts.answered(at: place(1))
        #expect(log.entries.compactMap { $0.metadata["ended"].map { "\($0)" } } == ["model_unknown"])
        alerts.refused(fault("unauthorized"), at: place(0))
        #expect(log.alerts.count == 2)
        alerts.answered(at: place(0))
        #expect(log.entries.last?.metadata["ended"] == "model_key_refused")
    }

    @Test func `what is one request's own fault is not told`() {
        let alerts = ModelAlerts(logger: log.logger)
        for code in ["context_too_long", "bad_request"] { alerts.refused(fault(code), at: place()) }
        #expect(log.entries.isEmpty)
    }
}
