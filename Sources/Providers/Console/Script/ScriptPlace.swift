import BotKit

/// A position that a script sends, in degrees.
struct ScriptPlace: Decodable {
    static let shape = "a position such as {\"latitude\":32.08,\"longitude\":34.78}"

    let latitude: Double
    let longitude: Double

    /// - Throws: `BadLine` when there is no such place on Earth.
    func content(name: String?) throws -> InboundMessage.Content {
        guard (-90...90).contains(latitude), (-180...180).contains(longitude) else {
            throw BadLine("\"location\" must be \(Self.shape)")
        }
        return .location(latitude: latitude, longitude: longitude, name: name)
    }
}
