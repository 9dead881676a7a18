import Synchronization
import WhatsAppWeb

/// What a client has told its owner.
final class RecordedEvents: Sendable {
    private let state = Mutex<(events: [WebEvent], notices: [WebNotice], online: Int)>(([], [], 0))

    func add(_ events: [WebEvent]) { state.withLock { $0.events += events } }
    func add(_ notice: WebNotice) { state.withLock { $0.notices.append(notice) } }
    /// How often the client came online.
    var online: Int { state.withLock { $0.online } }
    func cameOnline() { state.withLock { $0.online += 1 } }
    var notices: [WebNotice] { state.withLock { $0.notices } }
    var all: [WebEvent] { state.withLock { $0.events } }
    var messages: [ReceivedMessage] {
        all.compactMap { if case .message(let message) = $0 { message } else { nil } }
    }
    /// What could not be read for good.
    var unreadable: [UnreadableMessage] {
        all.compactMap { if case .unreadable(let message) = $0 { message } else { nil } }
    }
}
