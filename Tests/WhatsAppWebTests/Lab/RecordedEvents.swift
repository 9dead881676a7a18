import Synchronization
import WhatsAppWeb

/// What a client has told its owner.
final class RecordedEvents: Sendable {
    private let state = Mutex<(events: [WebEvent], notices: [WebNotice], isOnline: Bool)>(([], [], false))

    func add(_ events: [WebEvent]) { state.withLock { $0.events += events } }
    func add(_ notice: WebNotice) { state.withLock { $0.notices.append(notice) } }
    var isOnline: Bool {
        get { state.withLock { $0.isOnline } }
        set { state.withLock { $0.isOnline = newValue } }
    }
    var notices: [WebNotice] { state.withLock { $0.notices } }
    var all: [WebEvent] { state.withLock { $0.events } }
    var messages: [ReceivedMessage] {
        all.compactMap { if case .message(let message) = $0 { message } else { nil } }
    }
}
