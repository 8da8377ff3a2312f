/// By which rules a launch keeps jobs in the queue.
package struct SlurmSettings: Sendable {
  /// Jobs that wait in the queue at once.
  package var backlog = 2
  package var maxJobs = 20
  /// Points that a job's worker trains at once; nil is learnt from the first that joins.
  package var slots: Int?
  /// A worker that trains nothing for this long is released.
  package var idle = Duration.seconds(300)
  /// Leave the jobs alone when asked to stop.
  package var detaches = false
  /// How often the coordinator is asked.
  package var demandEvery = Duration.seconds(3)
  /// How often the queue is listed.
  package var queueEvery = Duration.seconds(10)
  /// A job that listings lack for this long, and whose worker nobody hears, is gone.
  ///
  /// Before that the scheduler may only have forgotten to name it.
  package var doubt = Duration.seconds(60)
  /// How long a running job's worker may take until the coordinator hears it.
  package var joinPatience = Duration.seconds(600)
  /// How long a job that was asked to end may take before Slurm is told to end it.
  package var releasePatience = Duration.seconds(60)
  /// How long workers that were told that all is done may take to end.
  package var farewell = Duration.seconds(30)
  /// How long jobs are looked after when the launch is to end.
  package var endPatience = Duration.seconds(180)
  /// How long a silent coordinator is waited for; its workers wait as long.
  package var coordinatorPatience = Duration.seconds(600)
  /// Makes the tokens: random, and another one at each start.
  package var seed: UInt64

  package init(seed: UInt64) { self.seed = seed }
}
