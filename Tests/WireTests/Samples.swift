import Sweep
import VAE
import Wire

/// Messages with non-trivial values in every field.
enum Samples {
  static let session = SessionID(0xdead_beef_0123_4567)
  static let attempt = AttemptID(epoch: 7, counter: 123_456_789)
  static let progress = AttemptProgress(step: 17, steps: 23_450, epoch: 3, beats: 99)
  static let dataset = Digest(of: "a dataset")
  static let checkpoint = CheckpointReference(
    digest: Digest(of: "a checkpoint"), size: 5_000_000, step: 17,
    fingerprint: Digest(of: "fingerprint").hex)

  static func point(
    _ architecture: String = "784-256-32-8-4", _ values: [TrainKey: ParameterValue] = [:]
  ) throws -> Point {
    Point(
      configuration: try Configuration(
        architecture: Architecture(parsing: architecture), values),
      seeds: Seeds(initialization: 1, order: .max, noise: 0))
  }

  static func completed(_ point: Point) -> Outcome {
    let configuration = point.configuration
    let latents = (0..<configuration.architecture.latentDim).map { index in
      LatentStatistics(
        varMu: 0.1 + Double(index), meanSigma2: configuration.sampling ? 0.25 : nil,
        kl: 1.0 / 3.0, gain: -0.0, meanMu: -1.0 / 7.0)
    }
    let history = (1...min(7, configuration.epochs)).map { epoch in
      EpochRecord(
        epoch: epoch, trainRunningTotal: 200.0 / Double(epoch),
        test: LossTerms(reconstruction: 150.1, kl: 6.02, total: 156.12 + 1e-13),
        testReconstructionAtMean: .leastNonzeroMagnitude)
    }
    var study = StudyMeasures()
    for (index, measure) in StudyMeasure.allCases.enumerated()
    where measure.applies(to: configuration) && measure != .coverageWhitened {
      study[measure] = Double(index) / 3
    }
    let measurements = FinalMeasurements(
      train: LossTerms(reconstruction: 100, kl: 5, total: 105), latents: latents,
      deadUnits: [
        DeadUnits(layer: "encoder_1", count: 3), DeadUnits(layer: "decoder_1", count: 0),
      ],
      study: study, digest: Digest(of: "parameters").hex)
    return Outcome(
      key: point.key(dataset: dataset, trainerVersion: 1), point: point,
      result: TrainingResult(history: history, ending: .completed(measurements)))
  }

  static func diverged(_ point: Point) -> Outcome {
    let broken = Double(bitPattern: 0x7ff8_0000_dead_beef)
    let history = [
      EpochRecord(
        epoch: 1, trainRunningTotal: .infinity,
        test: LossTerms(reconstruction: broken, kl: -.infinity, total: .nan),
        testReconstructionAtMean: -.nan)
    ]
    return Outcome(
      key: point.key(dataset: dataset, trainerVersion: 1), point: point,
      result: TrainingResult(history: history, ending: .diverged(epoch: 1)))
  }

  static let receipt = Receipt(
    host: "node-17.example.org", cpu: "AMD EPYC 7763 · 64 cores", blasCore: "haswell",
    fingerprint: Digest(of: "fingerprint").hex, version: "0.1.0+abc", imagesPerSecond: 12_345.678,
    seconds: 98.7, finishedAt: 1_763_856_000.123_456)

  static func messages() throws -> [WireMessage] {
    let sgd = try point(
      "784-400-20",
      [
        .optimizer: .string("sgd"), .momentum: .double(0.5), .limit: .int(1000),
        .sampling: .bool(false), .klWeight: .double(0.1), .loss: .string("mse"),
      ])
    let rmsprop = try point("784-256-2", [.optimizer: .string("rmsprop"), .epochs: .int(2)])
    let plain = try point()
    let key = plain.key(dataset: dataset, trainerVersion: 1)
    let held = [
      HeldAttempt(attempt: attempt, progress: progress, finished: false),
      HeldAttempt(
        attempt: AttemptID(epoch: 8, counter: UInt64(Int64.max)),
        progress: AttemptProgress(step: 5, steps: 5, epoch: 10_000), finished: true),
    ]
    let running = RunningPoint(
      attempt: attempt, key: key, architecture: plain.configuration.architecture, sampling: true,
      progress: progress)
    var drained = WorkerStatus(host: "c", process: 3, slots: 1, finished: 0, running: [])
    drained.drained = "3 different points failed on host c"
    var alarmed = StatusReply(
      sweep: "quickstart", coordinatorEpoch: 2, points: 4, ok: 0, diverged: 0, failed: 0,
      running: 0, workers: [drained], pointsPerHour: 0, secondsLeft: nil)
    alarmed.alerts = ["the disk is full", "drained: host c"]
    var successor = Hello(
      session: session, version: "0.1.0", trainerVersion: 1, host: "h", process: 1, cpu: "c",
      slots: 1, cores: 1, blasCores: ["native"])
    successor.predecessors = [SessionID(1), SessionID(.max)]
    var patient = Terms(
      store: 1, coordinatorEpoch: 1, sweep: "s", blasCore: "haswell", datasetDigest: dataset,
      datasetName: "d", datasetBytes: 1, heartbeat: .seconds(1), lease: .seconds(15))
    patient.hang = .seconds(3600)
    patient.checkpointEvery = .zero
    return [
      .statusReply(alarmed), .hello(successor), .terms(patient),
      .hello(
        Hello(
          session: session, version: "0.1.0", trainerVersion: 1, host: "höst", process: 4_194_304,
          cpu: "Intel Xeon", slots: 16, cores: 32, blasCores: ["haswell", "skylakex"])),
      .ready(Ready(session: session, fingerprint: Digest(of: "f").hex)),
      .heartbeat(Heartbeat(session: session, sequence: .max, held: held, credit: 17)),
      .heartbeat(
        Heartbeat(session: SessionID(0), sequence: 0, held: [], credit: 0)),
      .heartbeat(
        Heartbeat(
          session: session, sequence: 3, held: [], credit: 0,
          artifacts: [
            HeldArtifact(
              attempt: attempt, key: key, kind: .codes, digest: dataset,
              size: Artifact.largestTotal),
            HeldArtifact(
              attempt: attempt, key: key, kind: .trajectories, digest: dataset, size: 1),
          ])),
      .artifactSettled(
        ArtifactSettled(session: session, attempt: attempt, kind: .reconstructions)),
      .trainerArtifact(
        TrainerArtifact(kind: .samples, offset: 262_144, size: 262_147, data: [0, 255, 7])),
      .grant(
        Grant(
          session: session, attempt: attempt, key: key, point: plain,
          pictures: [.samples, .codes])),
      .trainerOrder(
        TrainerOrder(
          key: key, point: sgd, datasetFile: "/x", datasetDigest: dataset,
          pictures: Set(PictureKind.allCases))),
      .delivery(
        Delivery(
          session: session, attempt: attempt, outcome: completed(sgd), receipt: receipt)),
      .delivery(
        Delivery(
          session: session, attempt: attempt, outcome: completed(rmsprop), receipt: receipt)),
      .failure(
        FailureReport(session: session, attempt: attempt, reason: .point("limit too large"))),
      .failure(
        FailureReport(session: session, attempt: attempt, reason: .trainerExit(status: -3))),
      .failure(FailureReport(session: session, attempt: attempt, reason: .trainerSignal(9))),
      .failure(FailureReport(session: session, attempt: attempt, reason: .workerLost("gone"))),
      .failure(
        FailureReport(
          session: session, attempt: attempt, reason: .hung(seconds: 301),
          trained: .milliseconds(1234))),
      .checkpointOffer(
        CheckpointOffer(session: session, attempt: attempt, checkpoint: checkpoint)),
      .checkpointReply(
        CheckpointReply(session: session, attempt: attempt, digest: dataset, stored: true)),
      .grant(
        Grant(
          session: session, attempt: attempt, key: key, point: plain, checkpoint: checkpoint)),
      .blobRequest(
        BlobRequest(
          session: session, digest: dataset, offset: 1 << 40, length: BlobChunk.largest)),
      .goodbye(Goodbye(session: session)),
      .handback(Handback(session: session, attempts: held.map(\.attempt))),
      .recall(Recall(session: session, attempts: [])),
      .statusRequest(StatusRequest()),
      .terms(
        Terms(
          store: 1 << 60, coordinatorEpoch: 3, sweep: "higher-dimensions", blasCore: "haswell",
          datasetDigest: dataset, datasetName: "../data/digits", datasetBytes: 54_950_000,
          heartbeat: .milliseconds(1500), lease: .seconds(30))),
      .refusal(Refusal(reason: "run the same vaesweep on every host")),
      .grant(Grant(session: session, attempt: attempt, key: key, point: plain)),
      .heartbeatReply(
        HeartbeatReply(session: session, sequence: 9, keep: held.map(\.attempt))),
      .acknowledgement(Acknowledgement(session: session, attempt: attempt)),
      .blobChunk(
        BlobChunk(
          session: session, digest: dataset, offset: 512, size: 1 << 33,
          data: (0..<BlobChunk.largest).map { UInt8(truncatingIfNeeded: $0 &* 7) })),
      .finish(Finish(session: session)),
      .statusReply(
        StatusReply(
          sweep: "quickstart", coordinatorEpoch: 2, points: 40, ok: 10, diverged: 1, failed: 2,
          running: 3,
          workers: [
            WorkerStatus(host: "a", process: 1, slots: 2, finished: 11, running: [running]),
            WorkerStatus(host: "b", process: 2, slots: 4, finished: 0, running: []),
          ], pointsPerHour: 123.5, secondsLeft: 0)),
      .statusReply(
        StatusReply(
          sweep: "quickstart", coordinatorEpoch: 2, points: 0, ok: 0, diverged: 0, failed: 0,
          running: 0, workers: [], pointsPerHour: 0, secondsLeft: nil, lackingPictures: 6)),
      .trainerOrder(
        TrainerOrder(
          key: key, point: sgd, datasetFile: "/tmp/a b\n/x", datasetDigest: dataset)),
      .trainerOrder(
        TrainerOrder(
          key: key, point: plain, datasetFile: "/d", datasetDigest: dataset,
          checkpoints: TrainerCheckpoints(
            attempt: attempt, path: "/state/a b", every: .seconds(60), resume: "/state/c.17"))),
      .trainerCheckpointRequest(TrainerCheckpointRequest()),
      .trainerCheckpoint(
        TrainerCheckpoint(
          attempt: attempt, path: "/state/c.18", checkpoint: checkpoint,
          trained: .milliseconds(60_123), isStopped: true)),
      .trainerReady(TrainerReady(fingerprint: "f", blasCore: "haswell")),
      .trainerProgress(TrainerProgress(progress: progress)),
      .trainerOutcome(TrainerOutcome(outcome: completed(plain), receipt: receipt)),
      .trainerRefusal(TrainerRefusal(reason: "limit 70000 is above 60000")),
    ]
  }
}
