import Study
import Sweep
import Tables
import TestSupport
import Testing
import VAE

@Suite("Claims in words")
struct ClaimTableTests {
  /// - Parameter dead: Dead units of encoder_3 in the run of seed 4 with sampling.
  private func table(_ runs: Int = 20, dead: Int = 0) throws -> ClaimTable {
    let shape = try Architecture(parsing: "784-256-32-8-4")
    let deep = try Configuration(architecture: shape, [:])
    let plain = try Configuration(architecture: shape, [.sampling: .bool(false)])
    var evidence = ClaimEvidence(failed: [] as [Point])
    for seed in 0..<runs {
      for (configuration, shift) in [(deep, 0.0), (plain, 2.0)] {
        let point = Point(configuration: configuration, seeds: Seeds(UInt32(seed)))
        evidence.add(
          RunFixture.outcome(
            point, total: 100 - shift + Double(seed % 5),
            dead: [
              DeadUnits(
                layer: "encoder_3", count: seed == 4 && configuration == deep ? dead : 0)
            ]))
      }
    }
    func side(_ configuration: Configuration, _ metric: Metric?) -> ClaimPart.Side {
      ClaimPart.Side(configuration: configuration, metric: metric, seeds: SeedRanges([0...19]))
    }
    let metric = Metric.testReconstructionAtMean
    let family = ClaimFamily([
      Claim(
        id: "2b", words: "Without sampling slightly lower",
        parts: [
          ClaimPart(
            test: .meanDifference, sides: [side(deep, metric), side(plain, metric)],
            bounds: ClaimBounds(above: 0)),
          ClaimPart(
            test: .collapseShare, sides: [side(deep, nil)], bounds: ClaimBounds(above: 0.05)),
        ])
    ])
    return ClaimTable(
      ClaimJudgement(
        registered: family, current: family, evidence: evidence,
        resampling: Resampling(replicates: 99, seed: 1)))
  }

  @Test("say the figure, the interval, the test and the verdict of every part")
  func rows() throws {
    let rows = try table().rows
    #expect(rows.count == 2)
    #expect(
      rows[0].question
        == "test_reconstruction_at_mean of 784-256-32-8-4 less 784-256-32-8-4 without sampling")
    #expect(rows[0].figure == "2.00 nats")
    #expect(rows[0].expectation == "above 0")
    #expect(rows[0].test == "Welch t")
    #expect(rows[0].runs == "20 of 20")
    #expect(rows[0].verdict == "borne out")
    #expect(rows[0].sentence.hasSuffix("claimed to lie above 0: borne out."))
    #expect(rows[0].sentence.contains("2.00 nats (95 % interval 1.0"))
    #expect(rows[1].question.hasPrefix("share of runs of 784-256-32-8-4 with collapsed latents"))
    #expect(rows[1].verdict == "not decided at n = 20")
    #expect(rows[0].claimVerdict == "not decided: 1 of 2 parts borne out")
  }

  @Test("name the runs of which a whole layer is dead, in a note behind the verdict on collapse")
  func deadLayer() throws {
    let note = "784-256-32-8-4: all 8 units of encoder_3 are dead in seed 4"
    let (dead, alive) = (try table(dead: 8), try table(dead: 7))
    #expect(dead.rows.map(\.notes) == ["", note])
    #expect(dead.rows[1].sentence.hasSuffix(": not decided at n = 20. Note: \(note)."))
    #expect(dead.rows.map(\.statement) == alive.rows.map(\.sentence))
    for format in [OutputFormat.table, .markdown, .csv, .json] {
      #expect(dead.render(format).contains(note), "\(format)")
      #expect(!alive.render(format).contains("are dead"), "\(format)")
    }
  }

  @Test("say of a share of seeds what is above what, without the metric's unit")
  func pairedShare() throws {
    let shape = try Architecture(parsing: "784-256-32-8-4")
    let deep = try Configuration(architecture: shape, [:])
    let plain = try Configuration(architecture: shape, [.sampling: .bool(false)])
    var evidence = ClaimEvidence(failed: [] as [Point])
    for (configuration, shift) in [(deep, 2.0), (plain, 0)] {
      for seed in 0..<UInt32(10) {
        let point = Point(configuration: configuration, seeds: Seeds(seed))
        evidence.add(RunFixture.outcome(point, total: 100 + shift * Double(seed)))
      }
    }
    let metrics: [Metric] = [.testReconstructionAtMean, .testReconstruction]
    let family = ClaimFamily([
      Claim(
        id: "2b", words: "With sampling it is higher",
        parts: metrics.map { other in
          ClaimPart(
            test: .pairedShare,
            sides: [(deep, metrics[0]), (plain, other)].map {
              ClaimPart.Side(
                configuration: $0.0, metric: $0.1, seeds: SeedRanges([0...9]))
            }, bounds: ClaimBounds(above: 0.5))
        })
    ])
    let rows = ClaimTable(
      ClaimJudgement(registered: family, current: family, evidence: evidence)
    ).rows
    #expect(
      rows.map(\.question) == [
        "share of seeds at which test_reconstruction_at_mean of 784-256-32-8-4 is above that of "
          + "784-256-32-8-4 without sampling",
        "share of seeds at which test_reconstruction_at_mean of 784-256-32-8-4 is above "
          + "test_reconstruction of 784-256-32-8-4 without sampling",
      ])
    #expect(rows[0].figure == "1.00")
    #expect(rows[0].verdict == "borne out")
    #expect(rows[0].sentence.contains("1.00 (95 % interval 0.66 to 1.00"))
  }

  @Test("say how many runs are missing")
  func missing() throws {
    let rows = try table(14).rows
    #expect(rows[0].runs == "14 of 20")
    #expect(rows[0].verdict == "borne out (interim: 14 of 20 seeds)")
    #expect(rows[0].claimVerdict.hasSuffix("(interim: runs are missing)"))
    #expect(try table(14).method.contains { $0.hasPrefix("interim: runs are missing; the level") })
    #expect(try !table().method.contains { $0.hasPrefix("interim") })
    let lines = try table(14).render(.csv).split(separator: "\n")
    #expect(lines[1].contains(",borne out,true,"))
  }

  @Test("have the same columns in CSV whatever was found")
  func csv() throws {
    let lines = try table().render(.csv).split(separator: "\n")
    #expect(
      lines[0]
        == "id,claim,claim_verdict,standing,question,test,above,below,figure,ci95_low,ci95_high,method,p,p_holm,planned,ok,diverged,failed,missing,verdict,interim,sentence,notes"
    )
    #expect(lines.count == 3)
    let none = try table(0).render(.csv).split(separator: "\n")
    #expect(none[0] == lines[0])
    #expect(none[1].contains("no verdict"))
  }
}
