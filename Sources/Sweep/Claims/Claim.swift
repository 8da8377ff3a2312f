package import VAE

/// One statement that a sweep is to decide, fixed before it is run; it holds where all its parts do.
package struct Claim: Hashable, Sendable {
  /// Short, and different from every other's of the family: `2a`.
  package let id: String
  package let words: String
  package let parts: [ClaimPart]

  package init(id: String, words: String, parts: [ClaimPart]) {
    self.id = id
    self.words = words
    self.parts = parts
  }
}

/// One test of a claim: what is measured, of which configurations, and where the truth must lie.
package struct ClaimPart: Hashable, Sendable {
  /// A configuration with what is read of its runs.
  package struct Side: Hashable, Sendable {
    package let configuration: Configuration
    /// Nil where collapse is judged.
    package let metric: Metric?
    /// The seeds it is judged on; nil, for all, where a grid's three seeds have axes of their own.
    package let seeds: SeedRanges?

    package init(configuration: Configuration, metric: Metric?, seeds: SeedRanges?) {
      self.configuration = configuration
      self.metric = metric
      self.seeds = seeds
    }
  }

  package let test: ClaimTest
  /// As many as `test.sideKeys`.
  package let sides: [Side]
  package let bounds: ClaimBounds
  /// Var(μ) below which a latent counts as collapsed.
  package let collapseThreshold: Double

  package init(
    test: ClaimTest, sides: [Side], bounds: ClaimBounds,
    collapseThreshold: Double = Sweep.collapseThreshold
  ) {
    self.test = test
    self.sides = sides
    self.bounds = bounds
    self.collapseThreshold = collapseThreshold
  }
}

/// The claims of one sweep: p values are adjusted for all of them together, and for nothing else.
package struct ClaimFamily: Hashable, Sendable {
  package let claims: [Claim]

  package init(_ claims: [Claim]) { self.claims = claims }

  package var isEmpty: Bool { claims.isEmpty }

  /// The SHA-256 of the canonical JSON: metric, contrast, direction, margin, seeds, threshold and
  /// words of every part.
  ///
  /// Layout, comments and the way a configuration is named do not count.
  package var digest: Digest { Digest(of: json.canonical) }

  package var json: JSONValue { ["claims": .array(claims.map(\.json))] }
}

extension Claim {
  /// Of this claim alone; what changed between two families is told by it.
  package var digest: Digest { Digest(of: json.canonical) }

  var json: JSONValue {
    ["id": .string(id), "claim": .string(words), "parts": .array(parts.map(\.json))]
  }
}

extension ClaimPart {
  fileprivate var json: JSONValue {
    [
      "test": .string(test.rawValue), "sides": .array(sides.map(\.json)), "expect": bounds.json,
      "threshold": test.readsMetric ? .null : JSONValue(collapseThreshold),
    ]
  }
}

extension ClaimPart.Side {
  fileprivate var json: JSONValue {
    [
      "configuration": .object(configuration.members), "metric": JSONValue(metric?.rawValue),
      "seeds": seeds.map { seeds in
        .array(seeds.ranges.map { [.int(Int($0.lowerBound)), .int(Int($0.upperBound))] })
      } ?? .null,
    ]
  }
}
