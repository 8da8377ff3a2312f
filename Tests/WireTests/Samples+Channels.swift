import Sweep
import VAE
import Wire

/// Messages of every channel, with non-trivial values in every field.
extension Samples {
  static func toCoordinator() throws -> [Envelope<ToCoordinator>] {
    try workerMessages().enumerated().map { place, message in
      Envelope(.worker(message), session: session, sequence: UInt64(place + 1))
    } + [
      Envelope(.operator(.status)), Envelope(.operator(.watch)),
      Envelope(.operator(.audit(auditRequest(points: [])))),
      Envelope(.operator(.audit(auditRequest(points: try auditOrders())))),
    ] + orders.map { Envelope(.operator(.order($0))) } + [
      Envelope(.operator(.extend(ExtendRequest(yaml: "name: x\ngrid: {}\n", replaces: true)))),
      Envelope(.operator(.stop)),
      Envelope(
        .join(Join(key: (1...32).map { UInt8($0 * 7) }, host: "höst")), session: session,
        sequence: 3),
    ]
  }

  private static let orders: [OrderRequest] = [
    .pause, .resume, .drain(host: "höst"), .undrain(host: "node-7"), .retry(texts: []),
    .cancel(texts: ["latent_dim=4", "optimizer=[adam, sgd]"]),
  ]

  private static func auditRequest(points: [AuditOrder]) -> AuditRequest {
    AuditRequest(audit: AuditID(.max), dataset: dataset, trainerVersion: 3, points: points)
  }

  private static func auditOrders() throws -> [AuditOrder] {
    let point = try point()
    let order = AuditOrder(
      key: try key(), point: point, origin: TrainingSite(host: "höst", cpu: "Intel Xeon"))
    var nowhere = order
    nowhere.origin = TrainingSite(host: "", cpu: "")
    return [order, nowhere]
  }

  private static func workerMessages() throws -> [WorkerMessage] {
    let sgd = try point(
      "140-400-20",
      [
        .optimizer: .string("sgd"), .momentum: .double(0.5), .limit: .int(1000),
        .sampling: .bool(false), .klWeight: .double(0.1), .loss: .string("mse"),
      ])
    let rmsprop = try point("784-256-2", [.optimizer: .string("rmsprop"), .epochs: .int(2)])
    let key = try key()
    var successor = Hello(
      version: "0.1.0", trainerVersion: 1, host: "h", process: 1, cpu: "c", slots: 1, cores: 1,
      blasCores: ["native"])
    successor.predecessors = [SessionID(1), SessionID(.max)]
    successor.allocation = .slurm(job: 4711)
    let reasons: [FailureReason] = [
      .point("limit too large"), .trainerExit(status: -3), .trainerSignal(9), .workerLost("gone"),
      .hung(seconds: 301), .host("its copy of the dataset is gone"),
    ]
    return [
      .hello(successor),
      .hello(
        Hello(
          version: "0.1.0", trainerVersion: 1, host: "höst", process: 4_194_304,
          cpu: "Intel Xeon", slots: 16, cores: 32, blasCores: ["haswell", "skylakex"])),
      .ready(Ready(fingerprint: Digest(of: "f").hex)),
      .heartbeat(Heartbeat(held: held, credit: 17)),
      .heartbeat(Heartbeat(held: [], credit: 0)),
      .heartbeat(
        Heartbeat(
          held: [], credit: 0,
          artifacts: [
            HeldArtifact(
              attempt: attempt, key: key, kind: .codes, digest: dataset,
              size: Artifact.largestTotal),
            HeldArtifact(
              attempt: attempt, key: key, kind: .trajectories, digest: dataset, size: 1),
          ])),
      .delivery(Delivery(attempt: attempt, outcome: completed(sgd), receipt: receipt)),
      .delivery(Delivery(attempt: attempt, outcome: completed(rmsprop), receipt: receipt)),
      .handback(Handback(attempts: held.map(\.attempt))),
      .checkpointOffer(CheckpointOffer(attempt: attempt, checkpoint: checkpoint)),
      .blobRequest(BlobRequest(digest: dataset, offset: 1 << 40, length: BlobChunk.largest)),
      .blobChunk(chunk), .goodbye,
    ]
      + reasons.map {
        .failure(
          FailureReport(attempt: attempt, key: key, reason: $0, trained: .milliseconds(1234)))
      }
  }

  static func toWorker() throws -> [Envelope<ToWorker>] {
    let point = try point()
    let key = try key()
    var patient = Terms(
      store: 1, coordinatorEpoch: 1, coordinatorStart: .max, sweep: "s", blasCore: "haswell",
      datasetDigest: dataset, datasetName: "d", datasetBytes: 1, heartbeat: .seconds(1),
      lease: .seconds(15))
    patient.hang = .seconds(3600)
    patient.checkpointEvery = .zero
    let messages: [ToWorker] = [
      .refusal(Refusal(reason: "run the same vaesweep on every host")), .terms(patient),
      .terms(
        Terms(
          store: 1 << 60, coordinatorEpoch: 3, coordinatorStart: 77, sweep: "higher-dimensions",
          blasCore: "haswell", datasetDigest: dataset, datasetName: "../data/digits",
          datasetBytes: 54_950_000, heartbeat: .milliseconds(1500), lease: .seconds(30))),
      .grant(Grant(attempt: attempt, key: key, point: point)),
      .grant(Grant(attempt: attempt, key: key, point: point, artifacts: [.samples, .codes])),
      .grant(Grant(attempt: attempt, key: key, point: point, checkpoint: checkpoint)),
      .heartbeatReply(HeartbeatReply(keep: held.map(\.attempt))),
      .acknowledgement(Acknowledgement(attempt: attempt)), .recall(Recall(attempts: [])),
      .checkpointReply(CheckpointReply(attempt: attempt, digest: dataset, stored: true)),
      .artifactSettled(ArtifactSettled(attempt: attempt, kind: .reconstructions)),
      .blobRequest(BlobRequest(digest: dataset, offset: 0, length: 1)), .blobChunk(chunk), .finish,
      .joinReply(.admitted),
      .joinReply(.refused(reason: "the invitation cluster is used up: ask for another")),
    ]
    return messages.enumerated().map { place, message in
      Envelope(message, session: session, sequence: UInt64(place))
    }
  }

  static func toOperator() throws -> [Envelope<ToOperator>] {
    let running = RunningPoint(
      attempt: attempt, key: try key(), architecture: try point().configuration.architecture,
      sampling: true, progress: progress)
    var drained = WorkerStatus(host: "c", process: 3, slots: 1, finished: 0, running: [])
    drained.drained = "3 different points failed on host c"
    drained.imagesPerSecond = 113_995.5
    drained.silent = .milliseconds(1_250)
    drained.allocation = .slurm(job: 4711)
    var alarmed = StatusReply(
      sweep: "quickstart", coordinatorEpoch: 2, points: 4, ok: 0, diverged: 0, failed: 0,
      running: 0, workers: [drained], pointsPerHour: 0, secondsLeft: nil)
    alarmed.alerts = ["the disk is full", "drained: host c"]
    alarmed.refused = [RefusedCount(reason: "rate", count: 7)]
    alarmed.cancelled = 3
    alarmed.isPaused = true
    alarmed.faults = 1
    alarmed.failures = [FailedPoint(point: try point(), reason: "3 lost attempts")]
    alarmed.fleet.add(slots: 4, running: 3, isDrained: false)
    alarmed.fleet.add(slots: 2, running: 0, isDrained: false)
    alarmed.fleet.add(slots: 1, running: 1, isDrained: true)
    alarmed.imagesTrained = 60_000
    alarmed.secondsLeftRange = 90...120.5
    alarmed.summary = [
      SummaryRow(configuration: "784-16-2", planned: 3, ok: 0, diverged: 1),
      SummaryRow(
        configuration: "784-16-2", planned: 3, ok: 2, diverged: 1, mean: 167.5, sd: 0.25,
        collapsed: 0.5),
    ]
    alarmed.summaryLeftOut = 2
    return [
      Envelope(.refusal(Refusal(reason: "another key"))), Envelope(.status(alarmed)),
      Envelope(.order(OrderReply(text: "40 points cancelled, 2 of them under way"))),
      Envelope(
        .status(
          StatusReply(
            sweep: "quickstart", coordinatorEpoch: 2, points: 40, ok: 10, diverged: 1, failed: 2,
            running: 3,
            workers: [
              WorkerStatus(host: "a", process: 1, slots: 2, finished: 11, running: [running]),
              WorkerStatus(host: "b", process: 2, slots: 4, finished: 0, running: []),
            ], pointsPerHour: 123.5, secondsLeft: 0))),
      Envelope(
        .status(
          StatusReply(
            sweep: "quickstart", coordinatorEpoch: 2, points: 0, ok: 0, diverged: 0, failed: 0,
            running: 0, workers: [], pointsPerHour: 0, secondsLeft: nil, lackingArtifacts: 6))),
      Envelope(
        .auditProgress(
          AuditProgress(
            audit: AuditID(1), sweep: "quickstart", dataset: dataset, trainerVersion: 1,
            waiting: AuditRequest.maxPoints, running: 7))),
      Envelope(
        .auditResult(
          AuditResult(
            audit: AuditID(2), key: try key(),
            again: .outcome(completed(try point()), receipt)))),
      Envelope(
        .auditResult(
          AuditResult(
            audit: AuditID(3), key: try key(), again: .notTrained("3 attempts lost")))),
    ]
  }

  static func toTrainer() throws -> [Envelope<ToTrainer>] {
    let (point, key) = (try point(), try key())
    return [
      Envelope(
        .order(
          TrainerOrder(
            key: key, point: point, datasetFile: "/x", datasetDigest: dataset,
            artifacts: ArtifactKind.allPictures))),
      Envelope(
        .order(
          TrainerOrder(
            key: key, point: point, datasetFile: "/tmp/a b\n/x", datasetDigest: dataset))),
      Envelope(
        .order(
          TrainerOrder(
            key: key, point: point, datasetFile: "/d", datasetDigest: dataset,
            checkpoints: TrainerCheckpoints(
              attempt: attempt, path: "/state/a b", every: .seconds(60), resume: "/state/c.17")))),
      Envelope(.checkpointRequest),
    ]
  }

  static func fromTrainer() throws -> [Envelope<FromTrainer>] {
    let messages: [FromTrainer] = [
      .ready(TrainerReady(fingerprint: "f", blasCore: "haswell")),
      .progress(TrainerProgress(progress: progress)),
      .artifact(
        TrainerArtifact(kind: .samples, offset: 262_144, size: 262_147, data: [0, 255, 7])),
      .checkpoint(
        TrainerCheckpoint(
          attempt: attempt, path: "/state/c.18", checkpoint: checkpoint,
          trained: .milliseconds(60_123), isStopped: true)),
      .outcome(TrainerOutcome(outcome: completed(try point()), receipt: receipt)),
      .refusal(TrainerRefusal(reason: "limit 70000 is above 60000")),
      .hostFault(TrainerHostFault(reason: "cannot open /d: no such file")),
    ]
    return messages.map { Envelope($0) }
  }

  private static func key() throws -> PointKey {
    try point().key(dataset: dataset, trainerVersion: 1)
  }

  private static let held = [
    HeldAttempt(attempt: attempt, progress: progress, finished: false),
    HeldAttempt(
      attempt: AttemptID(epoch: 8, counter: UInt64(Int64.max), start: 1 << 31 - 1),
      progress: AttemptProgress(step: 5, steps: 5, epoch: 10_000), finished: true),
  ]

  private static let chunk = BlobChunk(
    digest: dataset, offset: 512, size: 1 << 33,
    data: (0..<BlobChunk.largest).map { UInt8(truncatingIfNeeded: $0 &* 7) })
}
