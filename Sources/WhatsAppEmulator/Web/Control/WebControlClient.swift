import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// A client of the control API of `whatsapp-emulator web`, by which its phones are played.
struct WebControlClient: Sendable {
    /// Why something was not done, in words for whoever plays the phone.
    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    private let address: String

    /// - Parameter address: such as `http://127.0.0.1:8444`.
    init(_ address: String) { self.address = address.hasSuffix("/") ? String(address.dropLast()) : address }

    /// The control API on a port of this machine.
    init(port: Int) { self.init("http://127.0.0.1:\(port)") }

    /// - Parameter path: such as `/phone/inbox?account=15550000001`.
    /// - Throws: `Refused`, or why there was no answer.
    func get(_ path: String) async throws -> EmulatorJSON { try await call(.GET, path) }

    /// - Throws: `Refused`, or why there was no answer.
    @discardableResult
    func post(_ path: String, _ values: EmulatorJSON) async throws -> EmulatorJSON {
        try await call(.POST, path, values)
    }

    /// What the phone of a number has decrypted.
    func inbox(of number: String) async throws -> [EmulatorJSON] {
        try await get("/phone/inbox?account=\(number)").items ?? []
    }

    /// The texts that the phone of a number has decrypted.
    func texts(of number: String) async throws -> [String] {
        try await inbox(of: number).compactMap { $0["text"]?.text }
    }

    /// The lines of the log that contain `match`.
    func log(_ match: String) async throws -> [String] {
        let query = match.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return try await get("/log?match=\(query)").items?.compactMap { $0["text"]?.text } ?? []
    }

    private func call(_ method: HTTPMethod, _ path: String, _ values: EmulatorJSON? = nil) async throws -> EmulatorJSON
    {
        var request = HTTPClientRequest(url: address + path)
        request.method = method
        if let values { request.body = .bytes(ByteBuffer(bytes: values.encoded())) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 64 << 20)
        let answer = try EmulatorJSON.parse(Array(body.readableBytesView))
        guard response.status == .ok else {
            throw Refused(description: answer["error"]?.text ?? "the emulator answers \(response.status.code)")
        }
        return answer
    }
}
