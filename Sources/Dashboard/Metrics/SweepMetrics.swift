import Sweep
import VAE
import Wire

/// A coordinator's figures for Prometheus.
///
/// Every label has few values, and all of them are told from the start: a series that appears late, or a
/// label that grows with the sweep, would be of no use to an alert.
package struct SweepMetrics: Sendable {
  package let text: String

  package init(_ snapshot: SweepSnapshot, program: ProgramFacts) {
    let (status, counters) = (snapshot.status, snapshot.counters)
    var text = PrometheusText()
    text.add(
      .gauge, "vaesweep_points", "Points of the sweep by what became of them.",
      [
        ("ok", status.ok), ("diverged", status.diverged), ("failed", status.failed),
        ("cancelled", status.cancelled), ("running", status.running),
        ("waiting", status.waiting),
      ].map { .init($0.1, ("state", $0.0)) })
    text.add(
      .gauge, "vaesweep_workers", "Worker processes by what they do.",
      Self.samples(status.fleet.workers))
    text.add(
      .gauge, "vaesweep_slots", "Slots of workers by what they do.",
      Self.samples(status.fleet.slots))
    text.add(
      .counter, "vaesweep_outcomes_total", "Outcomes committed since the coordinator started.",
      OutcomeStatus.allCases.map {
        .init(counters.outcomes[$0] ?? 0, ("status", $0.rawValue))
      })
    text.add(
      .counter, "vaesweep_attempts_lost_total",
      "Attempts that came to nothing and may be tried again.",
      FailureReason.retriedKinds.map { .init(counters.attemptsLost[$0] ?? 0, ("reason", $0)) })
    text.add(
      .counter, "vaesweep_images_trained_total",
      "Training images that workers have told of, each as often as it was trained on.",
      [.init(status.imagesTrained)])
    text.add(
      counters.pointDurations, "vaesweep_point_duration_seconds",
      "Time from the start of an attempt to its outcome.")
    text.add(
      counters.commitDurations, "vaesweep_commit_duration_seconds",
      "Time of a transaction of the store, waiting for room included.")
    text.add(
      .counter, "vaesweep_refused_messages_total", "Messages and peers that were not taken.",
      status.refused.map { .init($0.count, ("reason", $0.reason)) })
    text.add(
      .counter, "vaesweep_faults_total", "Results that differ from the stored ones.",
      SweepCounters.Fault.allCases.map {
        .init(counters.faults[$0] ?? 0, ("kind", $0.rawValue))
      })
    text.add(
      .gauge, "vaesweep_last_commit_timestamp_seconds", "When the store last committed.",
      [.init(counters.lastCommit)])
    text.add(
      .gauge, "vaesweep_build_info", "Always 1; what runs stands in the labels.",
      [
        .init(
          1, ("version", program.version), ("trainer_version", "\(program.trainerVersion)"))
      ])
    self.text = text.text
  }

  private static func samples(_ count: Fleet.Count) -> [PrometheusText.Sample] {
    [("training", count.training), ("idle", count.idle), ("drained", count.drained)].map {
      .init($0.1, ("state", $0.0))
    }
  }
}

/// What program this is.
package struct ProgramFacts: Hashable, Sendable {
  package let version: String
  package let trainerVersion: Int

  package init(version: String, trainerVersion: Int) {
    self.version = version
    self.trainerVersion = trainerVersion
  }
}
