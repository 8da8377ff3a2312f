import Foundation
import TestSupport
import Testing

@Suite("What commands print")
struct OutputTests {
  private func object(_ text: some StringProtocol) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  private static let outcomeKeys: Set<String> = [
    "key", "architecture", "hidden", "latent_dim", "sampling", "epochs", "batch_size", "optimizer",
    "learning_rate", "beta1", "beta2", "epsilon", "initializer", "activation", "loss", "kl_weight",
    "limit", "binarize", "kl_warmup", "kl_cycles", "free_bits", "schedule", "perturb", "seed",
    "init_seed", "order_seed", "noise_seed", "status", "diverged_epoch",
    "train_running_total", "train_total", "train_reconstruction", "train_kl", "test_total",
    "test_total_last5", "test_reconstruction", "test_kl", "test_reconstruction_at_mean",
    "coverage", "coverage_whitened", "generation_density", "generation_coverage",
    "generation_density_fitted", "generation_coverage_fitted", "radius_start", "radius_after_5",
    "collapsed", "latents", "dead_units", "digest", "result_digest", "receipt",
  ]

  @Test("train and export print every key of the design")
  func outcome() throws {
    let program = try Program()
    let train = try program.run(
      "train", "--architecture", "784-16-2", "--seed", "1", "--epochs", "2", "--dataset",
      "digits:2000:500", "--format", "json", "--history")
    let trained = try object(train.output)
    #expect(Set(trained.keys) == Self.outcomeKeys.union(["history"]))
    let latents = try #require(trained["latents"] as? [[String: Any]])
    try #require(latents.count == 2)
    #expect(
      Set(latents[0].keys) == [
        "var_mu", "mean_sigma2", "kl", "gain", "mean_mu", "aggregate_variance",
      ])
    let history = try #require(trained["history"] as? [[String: Any]])
    #expect(history.map { $0["epoch"] as? Int } == [1, 2])

    let sweep = try program.writeSweep(seeds: "0..2")
    #expect(try program.run("run", sweep).status == 0)
    let lines = try program.run("export", "small.sqlite", "--format", "jsonl").output
      .split(separator: "\n")
    try #require(lines.count == 6)
    let keys = try lines.map { try #require(try object($0)["key"] as? String) }
    #expect(keys == keys.sorted())
    #expect(Set(try object(lines[0]).keys) == Self.outcomeKeys)
    let csv = try program.run("export", "small.sqlite").output.split(separator: "\n")
    try #require(csv.count == 7)
    #expect(csv[0].hasPrefix("key,architecture,hidden,latent_dim,sampling,"))
  }

  @Test("summary prints every key of the design, in four formats")
  func summary() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..2")
    #expect(try program.run("run", sweep).status == 0)
    let json = try program.run("summary", "small.sqlite", "--format", "json").output
    let array = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [[String: Any]])
    try #require(array.count == 2)
    let first = array[0]
    for key in ["planned", "ok", "diverged", "failed", "missing"] {
      #expect(first[key] is Int, "\(key)")
    }
    #expect(first["ok"] as? Int == 3)
    for metric in [
      "test_total_last5", "test_total", "test_reconstruction", "test_kl",
      "test_reconstruction_at_mean", "train_total",
    ] {
      let figures = try #require(first[metric] as? [String: Any], "\(metric)")
      #expect(
        Set(figures.keys) == ["n", "mean", "sd", "ci95", "sd_ci95", "min", "median", "max"])
    }
    let collapsed = try #require(first["collapsed"] as? [String: Any])
    #expect(Set(collapsed.keys) == ["mean", "histogram", "any"])
    for format in ["table", "csv", "markdown"] {
      let text = try program.run("summary", "small.sqlite", "--format", format).output
      #expect(text.contains("784-16-8-3"), "\(format)")
    }
    let grouped = try program.run("summary", "small.sqlite", "--by", "sampling").output
    #expect(grouped.contains("6/6"))
    #expect(try program.run("summary", "small.sqlite", "--by", "colour").status == 2)
  }

  @Test("plan, status, data info and doctor answer in JSON too")
  func others() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..2")
    let plan = try program.run("plan", sweep, "--format", "json")
    #expect(plan.status == 0, "\(plan.errors)")
    #expect(plan.output.contains("\"to_run\": 3"))
    #expect(try program.run("run", sweep).status == 0)
    let after = try program.run("plan", sweep, "--store", "small.sqlite", "--format", "json")
    #expect(after.output.contains("\"done\": 3"))
    let status = try program.run("status", "--store", "small.sqlite", "--format", "json")
    #expect(status.output.contains("\"ok\": 6"))
    let info = try program.run("data", "info", "digits:2000:500", "--format", "json")
    #expect(info.output.contains("\"train_images\": 2000"))
    #expect(try program.run("doctor", "--format", "json").status == 0)
    #expect(try program.run("--version").output == "0.1.0\n")
    #expect(try program.run("--help").status == 0)
  }

  @Test("status asks a live coordinator")
  func liveStatus() throws {
    let program = try Program()
    let sweep = try program.writeSweep()
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:*")
    let endpoint = try program.endpoint(of: coordinator)
    let status = try program.run("status", "--connect", endpoint, "--format", "json")
    #expect(status.status == 0, "\(status.errors)")
    #expect(status.output.contains("\"points\": 16"))
    #expect(status.output.contains("\"workers\": []"), "\(status.output)")
    coordinator.send(SIGINT)
    #expect(try coordinator.waitForEnd() == 130)
  }

  @Test("status lists the workers of a live coordinator in every format")
  func workers() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0..40", epochs: 400)
    let coordinator = try program.start(
      "coordinator", sweep, "--store", "s.sqlite", "--bind", "tcp://127.0.0.1:*")
    let endpoint = try program.endpoint(of: coordinator)
    let worker = try program.start("worker", "--connect", endpoint, "--slots", "1")
    try coordinator.waitForFirstResult()
    // Between two points nothing runs; a heartbeat later the next one shows.
    var asked = 0
    while !(try program.run("status", "--connect", endpoint).output.contains(" %")), asked < 200 {
      asked += 1
    }
    for format in ["table", "json", "csv", "markdown"] {
      let status = try program.run("status", "--connect", endpoint, "--format", format)
      #expect(status.status == 0, "\(status.errors)")
      #expect(status.output.contains("\(worker.process)"), "\(status.output)")
      #expect(status.output.contains(/784-16-(2|8-3)/), "\(format): \(status.output)")
    }
    coordinator.send(SIGINT)
    worker.send(SIGTERM)
    #expect(try coordinator.waitForEnd() == 130)
    #expect(try worker.waitForEnd() == 0)
  }

  @Test("status of a store counts shared points once")
  func sharedStatus() throws {
    let program = try Program()
    let first = try program.writeSweep(seeds: "0..2")
    #expect(try program.run("run", first).status == 0)
    let second = try program.writeSweep(seeds: "1..3")
    #expect(try program.run("run", second).status == 0)
    let status = try program.run("status", "--store", "small.sqlite", "--format", "json")
    #expect(status.output.contains("\"points\": 8,"), "\(status.output)")
    #expect(status.output.contains("\"ok\": 8,"))
    #expect(status.output.contains("\"sweeps\": \"small\","))
  }

  @Test("plan refuses a store that run would refuse")
  func planOfOtherStore() throws {
    let program = try Program()
    let sweep = try program.writeSweep(seeds: "0")
    #expect(try program.run("run", sweep).status == 0)
    let plan = try program.run(
      "plan", sweep, "--store", "small.sqlite", "--dataset", "digits:1000:300")
    #expect(plan.status == 2)
    #expect(plan.errors.contains("its outcomes are of the dataset"), "\(plan.errors)")
  }

  @Test("plan shows what varies and what falls away, and counts any range at once")
  func planColumns() throws {
    let program = try Program()
    let sweep = try program.writeSweep(
      seeds: "0..4294967295",
      extra: "  learning_rate: [0.001, 0.01]\n  limit: [none, 100]\nexclude:\n  - {seed: 3}")
    let plan = try program.run("plan", sweep, "--format", "json")
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(plan.output.utf8)) as? [[String: Any]])
    try #require(rows.count == 8)
    #expect(rows.map { $0["learning_rate"] as? Double }.prefix(4) == [0.001, 0.001, 0.01, 0.01])
    #expect(rows.map { $0["limit"] as? Int }.prefix(2) == [nil, 100])
    #expect(rows.allSatisfy { $0["points"] as? Int == 4_294_967_295 })
    #expect(rows.allSatisfy { $0["excluded"] as? Int == 1 && $0["duplicates"] as? Int == 0 })
    let table = try program.run("plan", sweep).output
    #expect(table.contains("learning_rate  limit"))
  }

  @Test("every sweep file of the repository can be planned", Requirement.mnist)
  func sweepFiles() throws {
    var program = try Program()
    program.environment["VAESWEEP_DATA"] = MNIST.folder
    let folder = "\(MNIST.repositoryRoot)/sweeps"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".yaml") }
    #expect(names.count >= 3)
    for name in names.sorted() {
      let plan = try program.run("plan", "\(folder)/\(name)")
      #expect(plan.status == 0, "\(name): \(plan.errors)")
    }
  }
}
