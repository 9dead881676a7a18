/// What the control API of `whatsapp-emulator web` can do, for people, at most 79 columns wide; `web --guide` and
/// `GET /` print it.
enum WebControlGuide {
    static let text = """
        CONTROL API (JSON; an error has status 400 and {"error":…})

        See what there is
          GET  /accounts /devices /groups /pairings /root /counters
          GET  /texts?since=NUMBER       what all phones read of others, in order
          GET  /log?since=SEQ&match=TEXT stanzas and notes

        Accounts and devices
          POST /account {number, name?}  make an account with its phone
          POST /accounts {first, count}
          POST /qr/scan {qr, account, name?, wrong_hmac?, wrong_signature?}
                                         the phone scans a QR code
          POST /link-code {code, account}
                                         the phone types a pairing code
          POST /unlink {jid}             the phone unlinks a device

        Faults
          POST /drop {jid, code?}        end a connection, with code after a
                                         stream error
          POST /refuse {account, reason?, code?, expire?}
                                         logins fail: 402 temporary ban, 403,
                                         406 ban, …
          POST /send-stanza {jid, stanza}
                                         a raw stanza {tag, attrs, content}
          POST /corrupt|duplicate|lose|swap {jid, count?}
                                         damage, repeat, lose or exchange the
                                         next messages
          POST /delay {jid, min_ms, max_ms}
                                         each stanza is late by so much; they
                                         overtake one another
          POST /forget {account, count?} the next messages leave no trace in
                                         ratchets: keys come twice
          POST /refuse-message {account, error?}
                                         the account's next message is refused
          POST /media-fault {count, truncate?}
                                         the next downloads are changed or cut
          POST /key-index-fault {account, fault?}
                                         the list of the account's companions is
                                         wrong: none signature stranger absent
                                         revoked
          POST /key-fault {jid, hidden}  nobody is given the keys of the device
          POST /identity-fault {jid, fault?, count?}
                                         what vouches for the senders of the
                                         next messages is wrong: stranger absent
          POST /alias-fault {account, as?}
                                         the account's messages show the number
                                         or hidden id of another one
          POST /low-prekeys {jid}        says that few prekeys are left
          POST /options
            {default_addressing, compress_over, edge_routing, media_host,
             offline_primer, snapshots, welcome, clock_offset, minimum_revision,
             current_revision, log_limit, lean, handshake}
            handshake: none close-at-hello close-at-finish expired early stranger
              other-key

        Phones
          POST /phone/send {account, to, text}
            or {…, image_base64, caption?, mimetype?}
          POST /phone/message {account, to, message_base64, type?, mediatype?}
                                         a whole protobuf Message
          POST /phone/read {account, chat, id, participant?, type?}
          POST /phone/react {account, to, id, sender?, emoji}
          POST /phone/vote {account, to, id, option}
                                         option: 1 is the first
          POST /phone/edit {account, to, id, text}
          POST /phone/revoke {account, to, id, sender?}
          POST /phone/typing {account, to, state?}
          POST /phone/presence {account, available}
          POST /phone/group {account, subject, participants}
          POST /phone/group-change {account, group, action, …}
          GET  /phone/inbox?account=     what the phone decrypted
          GET  /phone/app-state?account= the app state as the phone has it
        """
}
