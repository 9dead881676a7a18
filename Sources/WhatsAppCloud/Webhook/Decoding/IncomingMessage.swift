public import Foundation

/// A message that a user sent to one of our numbers.
public struct IncomingMessage: Sendable, Equatable {
    /// The message's id; together with the number that it was sent to, the key against duplicates.
    public let id: WhatsAppMessageID
    /// The sender's number; absent for many users with a username. In a group: the participant.
    public let from: WhatsAppUserNumber?
    /// The sender's id towards our portfolio.
    public let userID: BusinessScopedUserID?
    /// The sender's id towards the parent portfolio.
    public let parentUserID: BusinessScopedUserID?
    /// The group that it was written in; `nil` for a direct chat.
    public let groupID: WhatsAppGroupID?
    /// When the user sent it, to the second.
    public let timestamp: Date
    /// Meta's word for the kind, such as `text`.
    public let type: String
    /// What the message says.
    public let content: IncomingContent
    /// What it answers or where it was forwarded from.
    public let context: MessageContext?
    /// The advertisement that led here.
    public let referral: Referral?
    /// Why the network could not give all of it.
    public let errors: [ReportedError]
    /// What the network knows about the sender.
    public let contact: Contact?

    /// - Parameter fallback: the only contact beside the only message: believed when the message names nobody.
    init?(_ json: JSON, contacts: ContactBook, fallback: Contact?, sentAt: Date?) {
        guard let id = WhatsAppMessageID(json["id"]),
            let timestamp = Date(unixSeconds: json["timestamp"]) ?? sentAt
        else { return nil }
        self.id = id
        self.timestamp = timestamp
        type = json["type"]?.text ?? ""
        groupID = WhatsAppGroupID(json["group_id"])
        content = IncomingContent(json)
        context = json["context"].flatMap(MessageContext.init)
        referral = json["referral"].flatMap(Referral.init)
        errors = ReportedError.list(json["errors"])

        let from = WhatsAppUserNumber(json["from"])
        let userID = BusinessScopedUserID(json["from_user_id"])
        let parentUserID = BusinessScopedUserID(json["from_parent_user_id"])
        let isNameless = from == nil && userID == nil && parentUserID == nil
        let contact =
            isNameless
            ? fallback : contacts.contact(number: from, userID: userID, parentUserID: parentUserID)
        self.contact = contact
        self.from = from ?? contact?.number
        self.userID = userID ?? contact?.userID
        self.parentUserID = parentUserID ?? contact?.parentUserID
    }
}

/// What a message refers to.
public struct MessageContext: Sendable, Equatable {
    /// The message that is answered; absent for a forwarded one.
    public let messageID: WhatsAppMessageID?
    /// Who wrote that message.
    public let from: WhatsAppUserNumber?
    /// The same, for a user without a known number.
    public let userID: BusinessScopedUserID?
    /// Whether the message was forwarded.
    public let isForwarded: Bool
    /// Whether it was forwarded more than five times.
    public let isFrequentlyForwarded: Bool
    /// The catalogue product that it asks about.
    public let product: ReferredProduct?

    init?(_ json: JSON) {
        guard json.isObject else { return nil }
        messageID = WhatsAppMessageID(json["id"])
        from = WhatsAppUserNumber(json["from"])
        userID = BusinessScopedUserID(json["from_user_id"])
        isFrequentlyForwarded = json["frequently_forwarded"]?.bool ?? false
        isForwarded = isFrequentlyForwarded || json["forwarded"]?.bool ?? false
        product = json["referred_product"].flatMap(ReferredProduct.init)
    }
}

/// A product of a catalogue.
public struct ReferredProduct: Sendable, Equatable {
    /// The catalogue.
    public let catalogID: String?
    /// The seller's own id of the product.
    public let retailerID: String?

    init?(_ json: JSON) {
        guard json.isObject else { return nil }
        catalogID = json["catalog_id"]?.identifier
        retailerID = json["product_retailer_id"]?.identifier
    }
}

/// The click-to-WhatsApp advertisement or post that a user came from.
public struct Referral: Sendable, Equatable {
    /// Where it stands.
    public let sourceURL: String?
    /// Its id.
    public let sourceID: String?
    /// `ad` or `post`.
    public let sourceType: String?
    /// Its headline.
    public let headline: String?
    /// Its text.
    public let body: String?
    /// `image` or `video`.
    public let mediaType: String?
    /// Its picture.
    public let imageURL: String?
    /// Its video.
    public let videoURL: String?
    /// The video's still picture.
    public let thumbnailURL: String?
    /// The id of the click.
    public let clickID: String?
    /// The greeting that the user was shown.
    public let welcomeMessage: String?

    init?(_ json: JSON) {
        guard json.isObject else { return nil }
        sourceURL = json["source_url"]?.text
        sourceID = json["source_id"]?.identifier
        sourceType = json["source_type"]?.text
        headline = json["headline"]?.text
        body = json["body"]?.text
        mediaType = json["media_type"]?.text
        imageURL = json["image_url"]?.text
        videoURL = json["video_url"]?.text
        thumbnailURL = json["thumbnail_url"]?.text
        clickID = json["ctwa_clid"]?.text
        welcomeMessage = json["welcome_message"].map { $0["text"]?.text ?? $0.text ?? $0.raw }
    }
}
