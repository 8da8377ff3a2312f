package import VAE

extension Outcome {
  /// SHA-256 over the canonical JSON of every result field, history included.
  ///
  /// Two attempts of one point under one fingerprint must agree on it.
  package var resultDigest: Digest {
    Digest(of: JSONValue.object(resultMembers + [historyMember]).canonicalBytes)
  }

  /// One outcome as users read it (DESIGN.md, "The command line").
  package func json(receipt: Receipt?, history: Bool) -> JSONValue {
    var members = [JSONValue.Member("key", .string(key.description))]
    members += point.configuration.members
    members.append(JSONValue.Member("seed", JSONValue(point.seeds.shared.map(Int.init))))
    members += point.seeds.members
    members += resultMembers
    if history { members.append(historyMember) }
    members.append(JSONValue.Member("result_digest", .string(resultDigest.hex)))
    members.append(JSONValue.Member("receipt", receipt?.json ?? .null))
    return .object(members)
  }

  /// Every result field but the history.
  private var resultMembers: [JSONValue.Member] {
    let last = result.history.last
    let final = measurements
    let latents = final?.latents.map { latent -> JSONValue in
      [
        "var_mu": JSONValue(latent.varMu), "mean_sigma2": JSONValue(latent.meanSigma2),
        "kl": JSONValue(latent.kl), "gain": JSONValue(latent.gain),
        "mean_mu": JSONValue(latent.meanMu),
        "aggregate_variance": JSONValue(latent.aggregateVariance),
      ]
    }
    let dead = final?.deadUnits.map { JSONValue.Member($0.layer, .int($0.count)) }
    let losses = [
      JSONValue.Member("status", .string(status.rawValue)),
      JSONValue.Member("diverged_epoch", JSONValue(divergedEpoch)),
      JSONValue.Member("train_running_total", JSONValue(last?.trainRunningTotal)),
      JSONValue.Member("train_total", JSONValue(final?.train.total)),
      JSONValue.Member("train_reconstruction", JSONValue(final?.train.reconstruction)),
      JSONValue.Member("train_kl", JSONValue(final?.train.kl)),
      JSONValue.Member("test_total", JSONValue(last?.test.total)),
      JSONValue.Member("test_total_last5", JSONValue(testTotalLast5)),
      JSONValue.Member("test_reconstruction", JSONValue(last?.test.reconstruction)),
      JSONValue.Member("test_kl", JSONValue(last?.test.kl)),
      JSONValue.Member(
        "test_reconstruction_at_mean", JSONValue(last?.testReconstructionAtMean)),
    ]
    let measures = StudyMeasure.allCases.map {
      JSONValue.Member($0.rawValue, JSONValue(final?.study[$0]))
    }
    return losses + measures + [
      JSONValue.Member("collapsed", JSONValue(collapsed())),
      JSONValue.Member("latents", latents.map(JSONValue.array) ?? .null),
      JSONValue.Member("dead_units", dead.map(JSONValue.object) ?? .null),
      JSONValue.Member("digest", JSONValue(final?.digest)),
    ]
  }

  private var historyMember: JSONValue.Member {
    JSONValue.Member("history", .array(result.history.map(\.json)))
  }
}

extension EpochRecord {
  package var json: JSONValue {
    [
      "epoch": .int(epoch), "train_running_total": JSONValue(trainRunningTotal),
      "test_total": JSONValue(test.total), "test_reconstruction": JSONValue(test.reconstruction),
      "test_kl": JSONValue(test.kl),
      "test_reconstruction_at_mean": JSONValue(testReconstructionAtMean),
    ]
  }
}

extension Receipt {
  package var json: JSONValue {
    [
      "host": .string(host), "cpu": .string(cpu), "blas_core": .string(blasCore),
      "fingerprint": .string(fingerprint), "version": .string(version),
      "images_per_second": JSONValue(imagesPerSecond), "seconds": JSONValue(seconds),
      "finished_at": JSONValue(finishedAt),
    ]
  }
}
