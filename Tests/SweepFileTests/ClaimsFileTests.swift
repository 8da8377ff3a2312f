import Sweep
import SweepFile
import Testing
import VAE

private let head = """
  name: x
  grid:
    architecture: [784-256-2, 784-256-32-8-2]
    sampling: [true, false]
    seed: 0..9
  exclude:
    - {architecture: 784-256-2, seed: [5..9]}

  """

@Suite("Claims in a sweep file")
struct ClaimsFileTests {
  private func family(_ claims: String) throws -> ClaimFamily {
    try SweepFile.parse(yaml: head + claims, file: "x.yaml").claims
  }

  /// 784-256-2 against another.
  private func comparing(with other: String) throws -> ClaimFamily {
    try family(
      """
      claims:
        - id: 1
          claim: c
          test: mean_difference
          metric: test_total
          a: 784-256-2
          b: \(other)
          expect: {above: 0}
      """)
  }

  @Test("are read with the configurations, the seeds and the bounds that they name")
  func whole() throws {
    let family = try family(
      """
      claims:
        - id: 2a
          claim: Depth helps
          test: mean_difference
          metric: test_reconstruction_at_mean
          expect: {above: 0}
          parts:
            - {a: 784-256-2, b: 784-256-32-8-2}
            - a: {architecture: 784-256-2, sampling: false}
              b: {architecture: 784-256-32-8-2, sampling: false}
              seeds: [0..2, 4]
        - {id: 3, claim: Latents collapse, test: collapse_share, of: 784-256-32-8-2,
           threshold: 0.03, expect: {above: 0.05}}
        - {id: 4, claim: No effect, test: mean_difference, a: 784-256-2, b: 784-256-32-8-2,
           metric: [test_total, test_kl], expect: {within: 0.5}}
        - {id: 5, claim: In a range, test: median, of: 784-256-2, metric: test_kl,
           expect: {within: [3, 8.5]}}
      """)
    #expect(family.claims.map(\.id) == ["2a", "3", "4", "5"])
    let depth = family.claims[0]
    #expect(depth.words == "Depth helps")
    #expect(depth.parts.count == 2)
    #expect(depth.parts[0].test == .meanDifference)
    #expect(depth.parts[0].bounds == ClaimBounds(above: 0))
    #expect(depth.parts[0].sides.map(\.configuration.sampling) == [true, true])
    #expect(
      depth.parts[0].sides.map(\.metric) == [.testReconstructionAtMean, .testReconstructionAtMean])
    // What the grid asks for: five seeds of the one, ten of the other.
    #expect(depth.parts[0].sides.map { $0.seeds?.count } == [5, 10])
    #expect(depth.parts[1].sides.map(\.configuration.sampling) == [false, false])
    #expect(depth.parts[1].sides.map { $0.seeds?.ranges } == [[0...2, 4...4], [0...2, 4...4]])
    #expect(family.claims[1].parts[0].collapseThreshold == 0.03)
    #expect(family.claims[2].parts.map { $0.sides[1].metric } == [.testTotal, .testKL])
    #expect(family.claims[2].parts[0].bounds == ClaimBounds(within: -0.5, 0.5))
    #expect(family.claims[3].parts[0].bounds == ClaimBounds(within: 3, 8.5))
  }

  @Test("have a digest of what they say, not of how it is written")
  func digest() throws {
    let one = try family(
      """
      claims:
        - {id: 1, claim: c, test: mean, of: 784-256-2, metric: test_kl, expect: {above: 1}}
      """)
    let same = try family(
      """
      claims:   # in other words
        - id: "1"
          claim: 'c'
          expect: {above: 1.0}
          parts:
            - test: mean
              of: {architecture: 784-256-2, sampling: true}
              metric: [test_kl]
              seeds: 0..4
      """)
    #expect(one.digest == same.digest)
    for changed in [
      "{id: 2, claim: c, test: mean, of: 784-256-2, metric: test_kl, expect: {above: 1}}",
      "{id: 1, claim: d, test: mean, of: 784-256-2, metric: test_kl, expect: {above: 1}}",
      "{id: 1, claim: c, test: median, of: 784-256-2, metric: test_kl, expect: {above: 1}}",
      "{id: 1, claim: c, test: mean, of: 784-256-32-8-2, metric: test_kl, expect: {above: 1}}",
      "{id: 1, claim: c, test: mean, of: 784-256-2, metric: test_total, expect: {above: 1}}",
      "{id: 1, claim: c, test: mean, of: 784-256-2, metric: test_kl, expect: {below: 1}}",
      "{id: 1, claim: c, test: mean, of: 784-256-2, metric: test_kl, expect: {above: 2}}",
      "{id: 1, claim: c, test: mean, of: 784-256-2, metric: test_kl, expect: {above: 1}, seeds: 0..3}",
    ] {
      #expect(try family("claims:\n  - \(changed)\n").digest != one.digest, "\(changed)")
    }
  }

  @Test("do not enter the sweep's identity")
  func identity() throws {
    let plain = try SweepFile.parse(yaml: head, file: "x.yaml")
    let claiming = try SweepFile.parse(
      yaml: head + """
        claims:
          - {id: 1, claim: c, test: mean, of: 784-256-2, metric: test_kl, expect: {above: 1}}
        """, file: "x.yaml")
    #expect(plain.claims.isEmpty)
    #expect(plain.definitionDigest == claiming.definitionDigest)
    #expect(plain.grid == claiming.grid)
  }

  /// From line 8 on: a claim whose keys are `text`.
  static let faults: [(String, String)] = [
    (
      "colour: red",
      "x.yaml:8: colour: unknown key under claims: (known: id, claim, parts, test, metric, metric_b, of, a, b, than_a, than_b, expect, seeds, threshold)"
    ),
    (
      "test: mea, of: 784-256-2",
      "x.yaml:8: test: mea is not accepted: it must be one of mean, median, mean_difference, paired_difference, paired_share, effect_difference, paired_effect_difference, sd_ratio, collapse_share, collapse_share_difference, collapse_count, collapse_count_difference (did you mean mean?)"
    ),
    (
      "of: 784-256-2",
      "x.yaml:8: test: is missing: it must be one of mean, median, mean_difference, paired_difference, paired_share, effect_difference, paired_effect_difference, sd_ratio, collapse_share, collapse_share_difference, collapse_count, collapse_count_difference"
    ),
    (
      "test: mean, of: 784-256-2, metric: test_kl",
      "x.yaml:8: expect: is missing: say where the truth must lie, as in {above: 0}"
    ),
    (
      "test: mean, of: 784-256-2, metric: test_kl, expect: {abov: 0}",
      "x.yaml:8: abov: unknown key under expect: (did you mean above?)"
    ),
    (
      "test: mean, of: 784-256-2, metric: test_kl, expect: {above: 0, below: 1}",
      "x.yaml:8: expect: a mapping is not accepted: it must be one of above, below and within, as in {above: 0}"
    ),
    (
      "test: mean, of: 784-256-2, metric: test_kl, expect: {within: [2, 1]}",
      "x.yaml:8: within: [2, 1] is not accepted: it must be a margin above 0, or two numbers in ascending order"
    ),
    (
      "test: mean, of: 784-256-2, metric: test_kl, expect: {within: -1}",
      "x.yaml:8: within: -1 is not accepted: it must be a margin above 0, or two numbers in ascending order"
    ),
    (
      "test: mean, of: 784-256-2, metric: test_kl, expect: {above: big}",
      "x.yaml:8: above: big is not accepted: it must be a number"
    ),
    (
      "test: mean, of: 784-256-4, metric: test_kl, expect: {above: 0}",
      "x.yaml:8: of: 784-256-4 is not accepted: it must be one that the grid has: 784-256-2,sampling=true; 784-256-2,sampling=false; 784-256-32-8-2,sampling=true; 784-256-32-8-2,sampling=false"
    ),
    ("test: mean, metric: test_kl, expect: {above: 0}", "x.yaml:8: of: is missing: mean reads of"),
    ("test: mean, of: 784-256-2, expect: {above: 0}", "x.yaml:8: metric: is missing"),
    (
      "test: mean, of: 784-256-2, b: 784-256-2, metric: test_kl, expect: {above: 0}",
      "x.yaml:8: b: mean does not read it (it reads: test, metric, of, expect, seeds)"
    ),
    (
      "test: mean, of: 784-256-2, metric: test_kl, expect: {above: 0}, threshold: 1",
      "x.yaml:8: threshold: mean does not read it (it reads: test, metric, of, expect, seeds)"
    ),
    (
      "test: mean, of: 784-256-2, metric: test_kl, expect: {above: 0}, seeds: 3..7",
      "x.yaml:8: seeds: the grid does not train all of these seeds of 784-256-2"
    ),
    (
      "test: collapse_share, of: {architecture: 784-256-2, sampling: false}, expect: {above: 0}",
      "x.yaml:8: of: collapse_share: collapse has no meaning without sampling"
    ),
    (
      "test: paired_difference, a: 784-256-2, b: 784-256-32-8-2, metric: test_kl, expect: {above: 0}",
      "x.yaml:8: b: paired_difference pairs runs by seed, and only runs of one architecture share their random draws"
    ),
    (
      "test: paired_share, a: 784-256-2, b: 784-256-32-8-2, metric: test_kl, expect: {above: 0.5}",
      "x.yaml:8: b: paired_share pairs runs by seed, and only runs of one architecture share their random draws"
    ),
    (
      "test: mean_difference, a: 784-256-2, b: 784-256-32-8-2, metric: [test_kl, test_total], metric_b: test_kl, expect: {above: 0}",
      "x.yaml:8: metric_b: as many as under metric: 2, not 1"
    ),
    (
      "test: mean, of: 784-256-2, metric: nll, expect: {above: 90}",
      "x.yaml:8: metric: nll does not exist for 784-256-2,sampling=true: on grey pixels, and with the squared error, the loss is no likelihood: importance_bound is measured in its place"
    ),
    (
      "test: mean, of: 784-256-2, metric: importance_bound, expect: {above: 90}",
      "x.yaml:8: metric: importance_bound is measured where a sweep asks for it: add 'measures: [likelihood]'"
    ),
    (
      "test: mean_difference, a: 784-256-2, b: {architecture: 784-256-2, sampling: false}, metric: active_latents, expect: {above: 0}",
      "x.yaml:8: metric: active_latents does not exist for 784-256-2,sampling=false: it is not measured without sampling"
    ),
  ]

  private static let two = "a: 784-256-2, b: 784-256-32-8-2"
  private static let pair = "a: 784-256-2, b: {architecture: 784-256-2, sampling: false}"

  /// Bounds that no figure of the test meets, that all do, or that lie beyond what it can be.
  static let impossible: [(String, String)] = [
    (
      "test: collapse_share, of: 784-256-2, expect: {above: 1.5}",
      "above: 1.5 is not accepted: it must be 0 or more and below 1: collapse_share is a share of runs"
    ),
    (
      "test: collapse_share, of: 784-256-2, expect: {above: 1}",
      "above: 1 is not accepted: it must be 0 or more and below 1: collapse_share is a share of runs"
    ),
    (
      "test: collapse_share, of: 784-256-2, expect: {below: 0}",
      "below: 0 is not accepted: it must be above 0 and at most 1: collapse_share is a share of runs"
    ),
    (
      "test: collapse_share, of: 784-256-2, expect: {within: [0.5, 1.5]}",
      "within: [0.5, 1.5] is not accepted: it must be two numbers from 0 to 1 in ascending order: collapse_share is a share of runs"
    ),
    (
      "test: collapse_share, of: 784-256-2, expect: {within: [0, 1]}",
      "within: [0, 1] is not accepted: it must be two numbers from 0 to 1 in ascending order, not both ends: collapse_share is a share of runs"
    ),
    (
      "test: collapse_share_difference, \(two), expect: {within: 1}",
      "within: 1 is not accepted: it must be a margin above 0 and below 1: collapse_share_difference is the difference of two shares of runs"
    ),
    (
      "test: paired_share, metric: generation_coverage, \(pair), expect: {above: 50}",
      "above: 50 is not accepted: it must be 0 or more and below 1: paired_share is a share of seeds"
    ),
    (
      "test: sd_ratio, metric: test_kl, \(two), expect: {above: -1}",
      "above: -1 is not accepted: it must be 0 or more: sd_ratio is one sd over another"
    ),
    (
      "test: sd_ratio, metric: test_kl, \(two), expect: {below: 0}",
      "below: 0 is not accepted: it must be above 0: sd_ratio is one sd over another"
    ),
    (
      "test: sd_ratio, metric: test_kl, \(two), expect: {within: 0.2}",
      "within: 0.2 is not accepted: it must be two numbers of 0 or more in ascending order: sd_ratio is one sd over another"
    ),
    (
      "test: collapse_share_difference, \(two), expect: {below: -1.2}",
      "below: -1.2 is not accepted: it must be above -1 and at most 1: collapse_share_difference is the difference of two shares of runs"
    ),
    (
      "test: collapse_count, of: 784-256-2, expect: {below: -1}",
      "below: -1 is not accepted: it must be above 0 and at most 2: collapse_count is a mean number of 2 latents"
    ),
    (
      "test: collapse_count, of: 784-256-2, expect: {above: 2}",
      "above: 2 is not accepted: it must be 0 or more and below 2: collapse_count is a mean number of 2 latents"
    ),
    (
      "test: collapse_count_difference, \(two), expect: {above: 2.5}",
      "above: 2.5 is not accepted: it must be -2 or more and below 2: collapse_count_difference is the difference of mean numbers of 2 and 2 latents"
    ),
  ]

  @Test("with bounds that can't be give one line", arguments: impossible)
  func bounds(text: String, line: String) {
    let yaml = head + "claims:\n  - {id: 1, claim: c, \(text)}\n"
    let error = #expect(throws: SweepFileError.self) {
      try SweepFile.parse(yaml: yaml, file: "x.yaml")
    }
    #expect(error?.description == "x.yaml:9: \(line)")
    // What a store has was accepted once.
    #expect(throws: Never.self) {
      try SweepFile.parse(yaml: yaml, file: "x.yaml", from: .record)
    }
  }

  @Test(
    "may have bounds at the ends of what is possible, and of a metric any",
    arguments: [
      ("collapse_share, of: 784-256-2", ["above: 0", "below: 1", "within: [0, 0.9]"]),
      (
        "paired_share, metric: generation_coverage, metric_b: generation_coverage_fitted, \(pair)",
        ["above: 0.5", "below: 0.5", "within: [0.4, 0.6]"]
      ),
      (
        "sd_ratio, metric: test_kl, \(two)",
        ["above: 0", "below: 0.5", "above: 100", "within: [0, 2]", "within: [0.5, 2]"]
      ),
      (
        "collapse_share_difference, \(two)",
        ["above: -1", "below: 1", "above: 0", "within: 0.1", "within: [-1, 0.5]"]
      ),
      ("collapse_count, of: 784-256-2", ["above: 0", "below: 2", "within: [0.1, 2]"]),
      ("collapse_count_difference, \(two)", ["above: -2", "below: 2", "below: 0", "within: 1.5"]),
      ("mean, of: 784-256-2, metric: generation_coverage", ["above: -3", "below: 7"]),
    ])
  func ends(test: String, bounds: [String]) throws {
    for bound in bounds {
      let claim = "{id: 1, claim: c, test: \(test), expect: {\(bound)}}"
      #expect(try family("claims:\n  - \(claim)\n").claims.count == 1, "\(claim)")
    }
  }

  @Test("that can't be tested give one line", arguments: faults)
  func fault(text: String, line: String) {
    let yaml = head + "claims:\n  - {id: 1, claim: c, \(text)}\n"
    // The head has eight lines with its last one empty.
    let expected = line.replacing("x.yaml:8:", with: "x.yaml:9:")
    let error = #expect(throws: SweepFileError.self) {
      try SweepFile.parse(yaml: yaml, file: "x.yaml")
    }
    #expect(error?.description == expected)
  }

  @Test("need an id of their own, words, and a comparison that means something")
  func others() throws {
    let part = "test: mean, of: 784-256-2, metric: test_kl, expect: {above: 0}"
    let faults = [
      (
        "claims: 5\n",
        "x.yaml:8: claims: 5 is not accepted: it must be a list of claims, each with id:, claim: and its test"
      ),
      ("claims:\n  - {claim: c, \(part)}\n", "x.yaml:9: claims: id: is missing"),
      ("claims:\n  - {id: 1, \(part)}\n", "x.yaml:9: claims: claim: is missing"),
      (
        "claims:\n  - {id: 1, claim: c, \(part)}\n  - {id: 1, claim: d, \(part)}\n",
        "x.yaml:10: id: 1 stands twice under claims:"
      ),
      (
        "claims:\n  - {id: 1, claim: c, parts: []}\n",
        "x.yaml:9: parts: an empty list is not accepted: it must be a list with at least one part"
      ),
    ]
    for (text, line) in faults {
      let error = #expect(throws: SweepFileError.self) {
        try SweepFile.parse(yaml: head + text, file: "x.yaml")
      }
      #expect(error?.description == line)
    }
    let unread = #expect(throws: SweepFileError.self) {
      try family("claims:\n  - {id: 1, claim: c, b: 784-256-2, parts: [{\(part)}]}\n")
    }
    #expect(unread?.description == "x.yaml:9: b: no part of claim 1 reads it")
    let error = #expect(throws: SweepFileError.self) {
      try comparing(with: "{architecture: 784-256-2, sampling: false}")
    }
    #expect(error?.line == 12)
    #expect(error?.message.contains("with and without sampling is not comparable") == true)
    let same = #expect(throws: SweepFileError.self) {
      try comparing(with: "784-256-2")
    }
    #expect(same?.line == 14)
    #expect(same?.message == "b: is the configuration of a: there is nothing to compare")
  }

  @Test("stand beside exclusions of several values at once")
  func exclusions() throws {
    let sweep = try SweepFile.parse(
      yaml: """
        name: x
        grid:
          architecture: [784-256-2, 784-256-4, 784-256-8]
          sampling: [true, false]
          seed: 0..9
        exclude:
          - {architecture: [784-256-4, 784-256-8], sampling: false}
          - {architecture: [784-256-2, 784-256-8], seed: 4..9}
        """, file: "x.yaml")
    var planned: [String: Int] = [:]
    sweep.grid.forEachConfiguration {
      planned["\($0.configuration.architecture) \($0.configuration.sampling)"] = $0.points
      return true
    }
    #expect(
      planned == [
        "784-256-2 true": 4, "784-256-2 false": 4, "784-256-4 true": 10, "784-256-8 true": 4,
      ])
    #expect(sweep.grid.points.reduce(0) { count, _ in count + 1 } == 22)
    for (text, line) in [
      ("{seed: [1, 2, 1]}", "x.yaml:6: seed: seed 1 stands twice in the list"),
      (
        "{architecture: [784-256-2, 784-256-2]}",
        "x.yaml:6: architecture: 784-256-2 stands twice in the list"
      ),
      ("{architecture: []}", "x.yaml:6: architecture: an empty list: name at least one value"),
    ] {
      let yaml = "name: x\ngrid:\n  architecture: 784-256-2\n  seed: 0..9\nexclude:\n  - \(text)\n"
      let error = #expect(throws: SweepFileError.self) {
        try SweepFile.parse(yaml: yaml, file: "x.yaml")
      }
      #expect(error?.description == line)
    }
  }
}
