import AIServices
import BotKit
import ControlPlane
import Foundation
import Providers

/// What shows that settings cannot work before anything is written: a start that is refused leaves no trace.
struct StartCheck {
    let settings: ProductSettings

    /// - Parameter listens: whether the HTTP port will be opened.
    /// - Throws: `Misconfiguration`.
    func run(listens: Bool) throws {
        try LanguageModels.check(settings.model)
        try settings.cloud.check()
        if let file = settings.model.priceFile { _ = try PriceList.load(URL(filePath: file)) }
        if listens { try settings.control.checkAddress() }
    }
}
