import Foundation
import Report
import Study
import Sweep
import TestSupport
import Testing
import VAE

@Suite("Learning curves")
struct LearningCurveTests {
  /// Twenty runs each of a flat net and of one that starts a hundred nats higher; the first run of the
  /// flat one starts at 900.
  private func files(epochs: Int) throws -> [String: String] {
    let grid = try RunFixture.grid(
      ["784-256-2", "784-256-32-8-2"], seeds: 20, train: [.epochs: .int(epochs)])
    var contents = ReportContents(
      sweeps: [], datasetDigest: "", trainerVersion: 1, planned: Grid.plannedOnce([grid]),
      resampling: Resampling(replicates: 99, seed: 1))
    for (index, point) in grid.points {
      let isDeep = point.configuration.architecture.hidden.count > 1
      let seed = Int(point.seeds.shared ?? 0)
      let curve = (1...epochs).map { epoch in
        150 + Double(seed) / 10 + (isDeep ? 140 : 40) / Double(epoch)
          + (index == 0 && epoch < 3 ? 710 : 0)
      }
      contents.add(
        RunFixture.outcome(point, total: curve.last, earlier: Array(curve.dropLast())),
        receipt: RunFixture.receipt)
    }
    var texts: [String: String] = [:]
    for file in try StudyReport(contents, kinds: [:], version: "0").files() {
      texts[file.name] = String(decoding: file.bytes, as: UTF8.self)
    }
    return texts
  }

  private func points(_ name: Substring, in svg: String) -> [(x: Double, y: Double)] {
    svg.matches(of: /<path class="([a-z]+)" d="([^"]+)"/).filter { $0.1 == name }.flatMap { match in
      match.2.matches(of: /([0-9.]+) ([0-9.]+)/).compactMap { pair in
        Double(pair.1).flatMap { x in Double(pair.2).map { (x, $0) } }
      }
    }
  }

  @Test("have medians and bands where they lie: the slowest net decides how high the picture is")
  func unclipped() throws {
    let files = try files(epochs: 12)
    let slow = try #require(files["learning-784-256-32-8-2.svg"])
    // The picture begins at 12; what is moved to its edge would lie there.
    for name in ["mean", "band"] {
      let all = points(Substring(name), in: slow)
      #expect(all.count >= 12)
      #expect(all.allSatisfy { $0.y > 12.5 }, "\(name)")
    }
    #expect(!slow.contains("class=\"leaves\""))
  }

  @Test("that leave the picture are cut off there, marked and counted")
  func leaving() throws {
    let files = try files(epochs: 12)
    let flat = try #require(files["learning-784-256-2.svg"])
    #expect(flat.components(separatedBy: "class=\"leaves\"").count == 2)
    #expect(points("line", in: flat).allSatisfy { $0.y >= 12 })
    let page = try #require(files["index.html"])
    #expect(page.contains("; 1 run leaves the picture above, at up to 900.0 nats."))
    #expect(!page.contains("drawn at the upper edge"))
  }

  @Test("of a single epoch are points, clear of the title of their axis")
  func single() throws {
    let svg = try #require(try files(epochs: 1)["learning-784-256-32-8-2.svg"])
    #expect(svg.components(separatedBy: "<circle class=\"run\"").count == 21)
    #expect(svg.contains("<circle class=\"dot\""))
    let labels = svg.matches(of: /<text class="soft" x="([0-9.]+)" [^>]*text-anchor="end">([^<]+)</)
    #expect(!labels.isEmpty)
    for label in labels {
      let end = try #require(Double(label.1))
      // Digits are some seven pixels wide; the title reaches from 3 to 17.
      #expect(end - 7 * Double(label.2.count) > 17, "\(label.2)")
    }
  }
}
