import BotKit
import Foundation
import Testing

@testable import Providers

@Suite struct ScriptLineTests {
    private func request(_ json: String, group: String? = nil) throws -> ConsoleRequest {
        let options = try ConsoleOptions(group: group, json: true, environment: [:])
        return try ScriptLine(json: Array(json.utf8)).request(by: options)
    }

    private func message(_ json: String, group: String? = nil) throws -> ConsoleMessage {
        guard case .message(let message) = try request(json, group: group) else {
            throw BadLine("the line asked for no message")
        }
        return message
    }

    @Test func `a text alone comes from the played member in the direct chat`() throws {
        let message = try message(#"{"text":"hello"}"#)
        #expect(message.sender.digits == "15550000001")
        #expect(message.chat == "15550000001")
        #expect(!message.isGroup)
        #expect(message.content == .text("hello"))
        #expect(message.id.rawValue.count == 16)
        #expect(message.sentAt == nil)
        #expect(!message.mentionsBot)
    }

    @Test func `every field says what it is called for`() throws {
        let message = try message(
            """
            {"id":"m1","from":"+1 555 000 0002","name":"Omer","chat":"family","group":true,"text":"hi","quote":"q1",
             "mention":true,"sent_at":1736164800.5,"colour":"blue"}
            """)
        #expect(message.id == "m1")
        #expect(message.sender.digits == "15550000002")
        #expect(message.senderName == "Omer")
        #expect(message.chat == "family")
        #expect(message.isGroup)
        #expect(message.quotes == "q1")
        #expect(message.mentionsBot)
        #expect(message.sentAt == Date(timeIntervalSince1970: 1_736_164_800.5))
    }

    @Test func `a number may be written as a number`() throws {
        #expect(try message(#"{"from":15550000003,"text":"hi"}"#).chat == "15550000003")
    }

    @Test(
        arguments: [
            (#"{"chat":"group-1","text":"x"}"#, nil, "group-1", true),
            (#"{"chat":"team","text":"x"}"#, nil, "team", false),
            (#"{"chat":"group-1","group":false,"text":"x"}"#, nil, "group-1", false),
            (#"{"text":"x"}"#, "family", "family", true),
            (#"{"chat":"team","text":"x"}"#, "family", "team", true),
        ] as [(String, String?, String, Bool)])
    func `a chat is a group when its name, the line or the options say so`(
        json: String, group: String?, chat: String, isGroup: Bool
    ) throws {
        let message = try message(json, group: group)
        #expect(message.chat == chat)
        #expect(message.isGroup == isGroup)
    }

    @Test func `a choice carries the id of the option and what was seen`() throws {
        #expect(try message(#"{"choice":"!help","text":"Help"}"#).content == .choice(id: "!help", title: "Help"))
        #expect(try message(#"{"choice":"!help"}"#).content == .choice(id: "!help", title: "!help"))
    }

    @Test func `a position is sent by its degrees, and text names the place`() throws {
        let place = #"{"location":{"latitude":32.5,"longitude":-34},"text":"Office"}"#
        #expect(try message(place).content == .location(latitude: 32.5, longitude: -34, name: "Office"))
    }

    @Test func `fields that say who and where may stand beside a step of the clock`() throws {
        #expect(try request(#"{"advance":1,"from":"15550000002","chat":"team","text":null}"#) == .advance(1))
    }

    @Test func `a step of the clock is seconds, whole or not`() throws {
        #expect(try request(#"{"advance":0.25}"#) == .advance(0.25))
        #expect(try request(#"{"advance":0}"#) == .advance(0))
    }

    @Test(arguments: [
        ("hello", "a line must be one JSON object"),
        ("[1]", "a line must be one JSON object"),
        ("\"text\"", "a line must be one JSON object"),
        (#"{"text":"a"} {"text":"b"}"#, "a line must be one JSON object"),
        (#"{"text":7}"#, "\"text\" must be a text"),
        (#"{"from":"nobody","text":"x"}"#, "\"from\" must be a telephone number"),
        (#"{"from":"12","text":"x"}"#, "\"from\" must be a telephone number"),
        (#"{"from":[],"text":"x"}"#, "\"from\" must be a telephone number"),
        (#"{"chat":"","text":"x"}"#, "\"chat\" must be 1 to 128"),
        (#"{"chat":"a\nb","text":"x"}"#, "\"chat\" must be 1 to 128"),
        (#"{"id":"","text":"x"}"#, "\"id\" must be"),
        (#"{"sent_at":1e300,"text":"x"}"#, "\"sent_at\" must be seconds"),
        (#"{"mention":"yes","text":"x"}"#, "\"mention\" must be true or false"),
        (#"{"advance":-1}"#, "\"advance\" must be from 0"),
        (#"{"advance":1e300}"#, "\"advance\" must be from 0"),
        (#"{"advance":"1"}"#, "\"advance\" must be seconds"),
        (#"{"media":"/nonexistent/secret.png"}"#, "the file that \"media\" names does not exist"),
        (#"{"media":"/"}"#, "the file that \"media\" names is no regular file"),
        (#"{"media":"/dev/null"}"#, "the file that \"media\" names is no regular file"),
        ("{}", "a message needs \"text\""),
        ("null", "a line must be one JSON object"),
        ("{\"text\":\"a\"", "a line must be one JSON object"),
        (#"{"text":null}"#, "a message needs \"text\""),
        (#"{"advance":60,"text":"x"}"#, "\"advance\" moves the clock and takes no \"text\""),
        (#"{"advance":60,"text":""}"#, "\"advance\" moves the clock and takes no \"text\""),
        (#"{"choice":"a","advance":60}"#, "\"advance\" moves the clock and takes no \"choice\""),
        (#"{"advance":60,"media":"/nonexistent/secret.png"}"#, "\"advance\" moves the clock and takes no \"media\""),
        (#"{"choice":""}"#, "\"choice\" must be the id of an option"),
        (#"{"choice":" \u200f ","text":"x"}"#, "\"choice\" must be the id of an option"),
        (#"{"choice":7}"#, "\"choice\" must be the id of an option"),
        (#"{"choice":"a","media":"/nonexistent/secret.png"}"#, "\"choice\" and \"media\" are two messages"),
        (#"{"text":"x","mime":"image/png"}"#, "\"mime\" is the type of a file"),
        (#"{"media":""}"#, "the file that \"media\" names"),
        (#"{"quote":"","text":"x"}"#, "\"quote\" must be 1 to 256 bytes"),
        (#"{"location":"here"}"#, "\"location\" must be a position"),
        (#"{"location":{"latitude":91,"longitude":0}}"#, "\"location\" must be a position"),
    ])
    func `a bad line says what is wanted`(json: String, problem: String) throws {
        let error = #expect(throws: BadLine.self) { try request(json) }
        #expect(error?.problem.hasPrefix(problem) == true, "\(error?.problem ?? "")")
        #expect(error?.problem.contains("secret") == false)
    }

    @Test func `very deep nesting is refused and not followed`() throws {
        let deep = #"{"text":"x","more":"# + String(repeating: "[", count: 100_000)
        #expect(throws: BadLine.self) { try request(deep) }
    }
}
