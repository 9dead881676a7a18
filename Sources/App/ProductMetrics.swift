import BotCore
import ControlPlane
import Providers

/// What the product's metrics mean, for the HELP lines of `/metrics`.
enum ProductMetrics {
    /// By the name as it is shown.
    static let meanings = MetricMeanings.all.merging(WhatsAppCloudNetwork.metricMeanings) { $1 }
        .merging(PrometheusMetrics.ownMeanings) { $1 }
}
