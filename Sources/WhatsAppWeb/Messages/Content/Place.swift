import WhatsAppProto

/// A place on Earth.
public struct Place: Sendable, Hashable {
    /// In degrees, north is positive.
    public var latitude: Double
    /// In degrees, east is positive.
    public var longitude: Double
    public var name: String?
    public var address: String?
    public var link: String?

    public init(
        latitude: Double, longitude: Double, name: String? = nil, address: String? = nil, link: String? = nil
    ) {
        self.latitude = latitude
        self.longitude = longitude
        self.name = name
        self.address = address
        self.link = link
    }

    /// The place of a message; nil if there is none on Earth.
    init?(_ message: WALocationMessage) {
        guard Place.isOnEarth(message.latitude, message.longitude) else { return nil }
        self.init(
            latitude: message.latitude, longitude: message.longitude, name: message.name.ifNotEmpty,
            address: message.address.ifNotEmpty, link: message.url.ifNotEmpty)
    }

    static func isOnEarth(_ latitude: Double, _ longitude: Double) -> Bool {
        (-90...90).contains(latitude) && (-180...180).contains(longitude)
    }
}

/// Where somebody is while they share it.
public struct LivePlace: Sendable, Hashable {
    /// In degrees, north is positive.
    public var latitude: Double
    /// In degrees, east is positive.
    public var longitude: Double
    public var accuracyMeters: Int?
    public var caption: String?
    /// Grows with each update.
    public var sequenceNumber: Int64

    init?(_ message: WALiveLocationMessage) {
        guard Place.isOnEarth(message.latitude, message.longitude) else { return nil }
        latitude = message.latitude
        longitude = message.longitude
        accuracyMeters = message.accuracyMeters.ifNotZero
        caption = message.caption.ifNotEmpty
        sequenceNumber = message.sequenceNumber
    }
}
