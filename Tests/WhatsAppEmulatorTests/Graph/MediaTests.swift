import Crypto
import Foundation
import Testing

@testable import WhatsAppEmulator

@Suite struct MediaTests {
    private static let png: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array(repeating: 7, count: 5000)

    @Test func `an upload comes back byte for byte`() async throws {
        try await withEmulator { bot async throws in
            let id = try #require(try await bot.upload(Self.png, type: "image/png", name: "a.png").json["id"]?.text)
            let info = try await bot.call(.GET, "/v26.0/\(id)").json
            #expect(info["mime_type"]?.text == "image/png" && info["file_size"]?.whole == Self.png.count)
            let digest = SHA256.hash(data: Self.png).map { String(format: "%02x", $0) }.joined()
            #expect(info["sha256"]?.text == digest)
            let url = try #require(info["url"]?.text)
            let file = try await bot.call(.GET, url)
            #expect(file.bytes == Self.png && file.headers["content-type"] == "image/png")

            #expect(try await bot.call(.GET, url, token: nil).status == 401)
            #expect(try await bot.call(.GET, url.replacing("hash=", with: "hash=0")).status == 404)
            await bot.emulator.advanceClock(by: .seconds(301))
            #expect(try await bot.call(.GET, url).status == 404)

            #expect(try await bot.call(.DELETE, "/v26.0/\(id)").json == ["success": true])
            #expect(try await bot.call(.GET, "/v26.0/\(id)").errorCode == 100)
        }
    }

    @Test func `ids end after 30 days, those of users after 7`() async throws {
        try await withEmulator { bot async throws in
            let mine = try #require(try await bot.upload(Self.png, type: "image/png", name: "a.png").json["id"]?.text)
            let users = try await bot.emulator.addMedia(Self.png, mimeType: "image/png")
            await bot.emulator.advanceClock(by: .seconds(7 * 24 * 3600 + 1))
            #expect(try await bot.call(.GET, "/\(users)").errorCode == 100)
            #expect(try await bot.call(.GET, "/\(mine)").status == 200)
            await bot.emulator.advanceClock(by: .seconds(23 * 24 * 3600))
            #expect(try await bot.call(.GET, "/\(mine)").errorCode == 100)
        }
    }

    @Test(arguments: [
        ("audio/opus", 10, 100), ("application/x-evil", 10, 100), ("image/png", 0, 100),
        ("image/png", (5 << 20) + 1, 131053),
        ("image/webp", (500 << 10) + 1, 131053),
    ])
    func `refuses what Meta does not take`(type: String, size: Int, code: Int) async throws {
        #expect(throws: EmulatedError.self) { try MediaKinds.check(mimeType: type, bytes: size) }
        do throws(EmulatedError) { try MediaKinds.check(mimeType: type, bytes: size) } catch {
            #expect(error.code == code)
        }
    }

    @Test func `takes voice notes with their codec`() throws {
        try MediaKinds.check(mimeType: "audio/ogg; codecs=opus", bytes: 1000)
    }

    @Test func `a message with unknown media is refused, with media of another kind it fails later`() async throws {
        try await withWebhooks { bot, receiver in
            try await bot.emulator.receive(text: "hi", from: TestBot.dana)
            let unknown = try await bot.send(TestBot.message(["type": "image", "image": ["id": "1"]]))
            #expect(unknown.errorCode == 100)
            let id = try #require(try await bot.upload(Self.png, type: "image/png", name: "a.png").json["id"]?.text)
            let image = TestBot.message(["type": "image", "image": ["id": .string(id)]])
            #expect(try await bot.send(image).status == 200)
            let audio = try await bot.send(TestBot.message(["type": "audio", "audio": ["id": .string(id)]]))
            #expect(audio.status == 200)
            let failed = await receiver.wait(for: 1) { $0.status["status"]?.text == "failed" }
            #expect(failed.first?.status["errors"]?[0]?["code"]?.whole == 131053)
            #expect(failed.first?.status["id"]?.text == audio.messageID)
        }
    }

    @Test func `the oldest media go when there is no room`() {
        var store = MediaStore(capacityBytes: 100)
        let files = (0..<3).map { _ in
            store.add(
                Array(repeating: 1, count: 40), mimeType: "image/png", filename: nil, phoneNumberID: "1", at: Date(),
                isIncoming: false)
        }
        #expect(store.media(files[0].id, at: Date()) == nil)
        #expect(store.media(files[2].id, at: Date()) != nil && store.count == 2)
    }

    @Test(arguments: [
        "", "--b", "--b\r\nx\r\n--b--", "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx",
    ])
    func `refuses a broken form`(text: String) {
        #expect(throws: EmulatedError.self) {
            try MultipartForm(Array(text.utf8), contentType: "multipart/form-data; boundary=b")
        }
    }

    @Test func `reads a form with any bytes`() throws {
        var body = Array("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n".utf8)
        let content: [UInt8] = [0, 255, 13, 10, 45, 45, 98, 13, 10, 13, 10, 7].map { $0 == 98 ? 99 : $0 }
        body += content + Array("\r\n--b--\r\n".utf8)
        let form = try MultipartForm(body, contentType: "multipart/form-data; boundary=\"b\"")
        #expect(form["file"].map { Array($0.bytes) } == content && form["file"]?.filename == "a.bin")
    }
}
