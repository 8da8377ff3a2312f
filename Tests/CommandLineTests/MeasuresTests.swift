import Foundation
import TestSupport
import Testing

@Suite("Optional measures of a sweep", .serialized)
struct MeasuresTests {
  private func objects(_ text: String) throws -> [[String: Any]] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
  }

  /// Of all results in the store.
  private func rootHash(_ program: Program) throws -> String {
    let text = try program.run("audit", "small.sqlite", "--sample", "0").output
    return String(try #require(text.firstMatch(of: /[0-9a-f]{64}/)).output)
  }

  @Test("come by replay, change no result, and stand in summary, export, claims and comparisons")
  func replay() throws {
    let program = try Program()
    let train = "  binarize: dynamic\n"
    let before = try program.writeSweep(seeds: "0..4", train: train)
    let first = try program.run("run", before)
    #expect(first.status == 0, "\(first.errors)")
    let root = try rootHash(program)
    #expect(
      !(try program.run("summary", "small.sqlite", "--format", "json").output).contains("nll"))

    let asked = "measures: {likelihood: {draws: 20, images: 30}}\n"
    let after = try program.writeSweep(seeds: "0..4", train: train + asked)
    let second = try program.run("run", after)
    #expect(second.status == 0, "\(second.errors)")
    // Two nets of five seeds, each trained a second time.
    let store = program.folder["small.sqlite"]
    #expect(try StoreProbe.count("attempts", in: store) == 20)
    #expect(try StoreProbe.count("artifacts", in: store) == 10)
    #expect(try rootHash(program) == root)

    let summary = try objects(program.run("summary", "small.sqlite", "--format", "json").output)
    #expect(summary.count == 2)
    for row in summary {
      let nll = try #require(row["nll"] as? [String: Any])
      #expect(nll["n"] as? Int == 5)
      #expect(try #require(nll["mean"] as? Double) > 0)
      #expect(row["importance_bound"] == nil)
      #expect((row["active_latents"] as? [String: Any])?["n"] as? Int == 5)
    }
    let lines = try program.run("export", "small.sqlite", "--format", "jsonl").output
      .split(separator: "\n")
    #expect(lines.count == 10)
    for line in lines {
      #expect(line.contains(#""likelihood_draws":20,"likelihood_images":30"#), "\(line)")
    }
    let table = try program.run("summary", "small.sqlite", "--metric", "nll")
    #expect(table.output.hasPrefix("nll in nats per image over seeds"), "\(table.output)")

    // Asked for once more there is nothing to do; with more draws each is measured anew.
    #expect(try program.run("run", after).status == 0)
    #expect(try StoreProbe.count("attempts", in: store) == 20)
    let more = try program.writeSweep(
      seeds: "0..4",
      train: train + "measures: {likelihood: {draws: 40, images: 30}}\n")
    #expect(try program.run("run", more).status == 0)
    #expect(try StoreProbe.count("artifacts", in: store) == 20)
    let point = try program.run("export", "small.sqlite", "--format", "jsonl").output
    #expect(point.contains(#""likelihood_draws":40"#) && !point.contains(#""likelihood_draws":20"#))
    #expect(try StoreProbe.count("faults", in: store) == 0)
  }

  @Test("of a run are told as the sweep asks for them, and as they were registered with a claim")
  func efforts() throws {
    let program = try Program()
    func asking(_ effort: String, seeds: String = "0..2", claims: String = "") throws -> String {
      try program.writeSweep(
        seeds: seeds,
        train: "  binarize: threshold\nmeasures: {likelihood: \(effort)}\n" + claims)
    }
    func told() throws -> [String: Int] {
      let lines = try program.run("export", "small.sqlite", "--format", "jsonl").output
      var told: [String: Int] = [:]
      for match in lines.matches(of: /likelihood_draws":(\d+),"likelihood_images":(\d+)/) {
        told["\(match.1) \(match.2)", default: 0] += 1
      }
      return told
    }
    #expect(try program.run("run", asking("{draws: 20, images: 30}")).status == 0)
    // A trial of fewer draws, and of one image, is what is asked for then; the others have none yet.
    #expect(try program.run("run", asking("{draws: 25, images: 1}", seeds: "0..3")).status == 0)
    #expect(try told() == ["25 1": 8])
    let note = try program.run("summary", "small.sqlite", "--metric", "nll").errors
    #expect(note.contains("nll: by 25 draws for each of 1 test image, an upper bound"), "\(note)")
    #expect(try program.run("run", asking("{draws: 5, images: 30}", seeds: "0..3")).status == 0)
    #expect(try told() == ["5 30": 8])

    // What a claim was registered with holds for it, whatever the file asks for later.
    let claims = """
      claims:
        - {id: a, claim: It is large, test: mean, of: 784-16-2, metric: nll, expect: {above: 1}}

      """
    func run(_ file: String) throws -> (status: Int32, output: String, errors: String) {
      try program.run("run", file, "--store", "claimed.sqlite")
    }
    #expect(try run(asking("{draws: 20, images: 30}", claims: claims)).status == 0)
    let first = try program.run("claims", "claimed.sqlite").output
    #expect(first.contains("fixed before the first outcome"))
    let other = try run(asking("{draws: 25, images: 1}", claims: claims))
    #expect(
      other.status == 2
        && other.errors.contains(
          "measures: claims on the likelihood were registered in claimed.sqlite with "
            + "{draws: 20, images: 30}: ask for the same, or choose another store"),
      "\(other.errors)")
    // Another sweep over the same points has them measured otherwise, and tells them as registered.
    let beside = try program.writeSweep(
      "beside", seeds: "0..2",
      train: "  binarize: threshold\nmeasures: {likelihood: {draws: 25, images: 1}}\n")
    #expect(try run(beside).status == 0)
    let judged = try program.run("claims", "claimed.sqlite").output
    #expect(judged == first, "\(judged)")
  }

  @Test("are the figures that train --likelihood gives of the same point")
  func alone() throws {
    let program = try Program()
    let sweep = try program.writeSweep(
      seeds: "0..1", train: "measures: {likelihood: {draws: 10, images: 20}}\n")
    #expect(try program.run("run", sweep).status == 0)
    let line = try #require(
      try program.run("export", "small.sqlite", "--format", "jsonl").output
        .split(separator: "\n").first)
    let stored = try #require(
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    let key = try #require(stored["key"] as? String)
    let again = try program.run(
      "train", "--key", key, "--store", "small.sqlite", "--likelihood", "10",
      "--likelihood-images", "20", "--format", "json")
    #expect(again.status == 0, "\(again.errors)")
    let told = try #require(
      try JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [String: Any])
    for name in ["importance_bound", "importance_bound_error", "mutual_information"] {
      #expect(told[name] as? Double == stored[name] as? Double, "\(name)")
      #expect(stored[name] as? Double != nil)
    }
  }
}
