import Sweep
import VAE

/// What is told of the likelihood of one run, beside its outcome.
struct LikelihoodSheet {
  let likelihood: Likelihood
  let configuration: Configuration
  let latents: [LatentStatistics]

  /// On grey pixels, and with the squared error, the loss is no likelihood.
  private var isLikelihood: Bool {
    configuration.loss == .bce && configuration.binarization != .none
  }

  var members: [JSONValue.Member] {
    let name = isLikelihood ? "nll" : "importance_bound"
    func count(_ use: LatentUse) -> JSONValue { .int(latents.count { $0.use == use }) }
    return [
      JSONValue.Member(name, JSONValue(likelihood.bound)),
      JSONValue.Member("\(name)_error", JSONValue(likelihood.boundError)),
      JSONValue.Member("likelihood_draws", .int(likelihood.draws)),
      JSONValue.Member("likelihood_images", .int(likelihood.images)),
      JSONValue.Member(
        "mutual_information", likelihood.mutualInformation.map(JSONValue.init) ?? .null),
    ] + LatentUse.allCases.map { JSONValue.Member("\($0.rawValue)_latents", count($0)) }
  }
}
