import Coordinator
import Dashboard
import Foundation
import Sweep
import TestSupport
import Testing
import VAE
import Wire

@Suite("Metrics")
struct MetricsTests {
  private func text(_ counters: SweepCounters) throws -> String {
    let snapshot = SweepSnapshot(status: try ViewFixture.status(), counters: counters, number: 1)
    return SweepMetrics(snapshot, program: ProgramFacts(version: "0.1.0", trainerVersion: 1)).text
  }

  private func outcome(seed: UInt32, seconds: Double, isOK: Bool = true) throws
    -> (Record, Outcome)
  {
    let outcome = RunFixture.outcome(
      try ViewFixture.point(seed: seed), total: isOK ? 150 : nil)
    var receipt = RunFixture.receipt
    receipt.seconds = seconds
    let id = AttemptID(epoch: 1, counter: UInt64(seed))
    return (.outcome(outcome, receipt, attempt: id, session: SessionID(1)), outcome)
  }

  private func counted() throws -> SweepCounters {
    var counters = SweepCounters(since: 1_000)
    let id = AttemptID(epoch: 1, counter: 9)
    let key = try outcome(seed: 9, seconds: 1).1.key
    counters.add(
      [
        CommittedRecord(try outcome(seed: 0, seconds: 0.4).0),
        CommittedRecord(try outcome(seed: 1, seconds: 30).0),
        CommittedRecord(try outcome(seed: 2, seconds: 2, isOK: false).0),
        CommittedRecord(try outcome(seed: 3, seconds: 2).0, .alreadyStored),
        CommittedRecord(try outcome(seed: 4, seconds: 2).0, .differs(stored: "ab")),
        CommittedRecord(try outcome(seed: 5, seconds: 2).0, .audited(differsFrom: "ab")),
        CommittedRecord(try outcome(seed: 6, seconds: 2).0, .audited(differsFrom: nil)),
        CommittedRecord(.failure(id, key: key, .hung(seconds: 300))),
        CommittedRecord(.failure(id, key: key, .trainerSignal(9))),
        CommittedRecord(.failure(id, key: key, .trainerSignal(11))),
        CommittedRecord(.failure(id, key: key, .point("its limit is too large"))),
        CommittedRecord(.failure(id, key: key, .workerLost("gone")), .unknownAttempt),
      ], took: .milliseconds(30), at: 2_000)
    counters.add([], took: .seconds(20), at: 1_500)
    return counters
  }

  @Test("What is committed is counted, each under its own reason")
  func counters() throws {
    let samples = try Samples(text(try counted()))
    #expect(samples["vaesweep_outcomes_total{status=\"ok\"}"] == 2)
    #expect(samples["vaesweep_outcomes_total{status=\"diverged\"}"] == 1)
    #expect(samples["vaesweep_attempts_lost_total{reason=\"hung\"}"] == 1)
    #expect(samples["vaesweep_attempts_lost_total{reason=\"trainer_signal\"}"] == 2)
    #expect(samples["vaesweep_attempts_lost_total{reason=\"worker_lost\"}"] == 0)
    #expect(samples["vaesweep_faults_total{kind=\"outcome\"}"] == 1)
    #expect(samples["vaesweep_faults_total{kind=\"audit\"}"] == 1)
    #expect(samples["vaesweep_faults_total{kind=\"artifact\"}"] == 0)
    #expect(samples["vaesweep_point_duration_seconds_count"] == 3)
    #expect(samples["vaesweep_point_duration_seconds_sum"] == 32.4)
    #expect(samples["vaesweep_point_duration_seconds_bucket{le=\"5\"}"] == 2)
    #expect(samples["vaesweep_commit_duration_seconds_bucket{le=\"0.05\"}"] == 1)
    #expect(samples["vaesweep_commit_duration_seconds_bucket{le=\"10\"}"] == 1)
    #expect(samples["vaesweep_commit_duration_seconds_bucket{le=\"+Inf\"}"] == 2)
    // A clock that is set back does not take the time of a commit back.
    #expect(samples["vaesweep_last_commit_timestamp_seconds"] == 2_000)
  }

  @Test("Points, workers and slots are counted by state, all states at all times")
  func gauges() throws {
    let samples = try Samples(text(SweepCounters(since: 0)))
    let states = ["ok", "diverged", "failed", "cancelled", "running", "waiting"]
    #expect(states.map { samples["vaesweep_points{state=\"\($0)\"}"] } == [18, 1, 2, 1, 3, 15])
    let fleet = ["training", "idle", "drained"]
    #expect(fleet.map { samples["vaesweep_workers{state=\"\($0)\"}"] } == [1, 0, 1])
    #expect(fleet.map { samples["vaesweep_slots{state=\"\($0)\"}"] } == [3, 1, 2])
    #expect(samples["vaesweep_images_trained_total"] == 6_000_000)
    #expect(samples["vaesweep_refused_messages_total{reason=\"key\"}"] == 2)
    #expect(samples["vaesweep_build_info{version=\"0.1.0\",trainer_version=\"1\"}"] == 1)
  }

  @Test("Every metric has its help and its type, once, ahead of its samples")
  func heads() throws {
    let lines = try text(try counted()).split(separator: "\n")
    var type: [String: String] = [:]
    var helped: Set<String> = []
    for line in lines {
      let words = line.split(separator: " ").map(String.init)
      if words[0] == "#", words[1] == "HELP" {
        #expect(helped.insert(words[2]).inserted)
        #expect(words.count > 4)
      } else if words[0] == "#" {
        #expect(words[1] == "TYPE" && helped.contains(words[2]))
        #expect(type.updateValue(words[3], forKey: words[2]) == nil)
      } else {
        let name = String(line.prefix { $0 != "{" && $0 != " " })
        let family = ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) }
          .map { String(name.dropLast($0.count)) }
        #expect(type[name] != nil || family.map { type[$0] == "histogram" } == true, "\(line)")
      }
    }
    #expect(type.count == 12)
  }

  @Test("Every kind of failure that is tried again has its reason")
  func reasons() {
    let all: [FailureReason] = [
      .point("x"), .trainerExit(status: 1), .trainerSignal(9), .workerLost("x"), .hung(seconds: 1),
      .host("x"),
    ]
    #expect(all.filter(\.isRetried).map(\.kind) == FailureReason.retriedKinds)
  }

  @Test("promtool finds nothing to say", Requirement.program("promtool"))
  func promtool() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(Array(try text(try counted()).utf8), to: "metrics")
    let check = try RunningProgram(
      "/bin/sh", ["-c", "promtool check metrics < \"$0\"", file], in: folder)
    #expect(try check.waitForEnd() == 0, "\(check.output) \(check.errors)")
    #expect(check.errors.isEmpty && check.output.isEmpty, "\(check.output) \(check.errors)")
  }
}

/// Samples of a text in Prometheus' format, by name and labels.
struct Samples {
  private var values: [String: Double] = [:]

  init(_ text: String) throws {
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let space = try #require(line.lastIndex(of: " "))
      let value: Double = try #require(Double(line[line.index(after: space)...]))
      values[String(line[..<space])] = value
    }
  }

  subscript(name: String) -> Double? { values[name] }

  /// The counters among them, which never go back.
  var counters: [String: Double] {
    values.filter { $0.key.contains("_total") || $0.key.contains("_count") }
  }
}
