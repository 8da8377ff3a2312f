import Compute
package import Dataset

/// Trains one point: a pure function of configuration, seeds and data.
///
/// Same point, same version, same fingerprint ⇒ the same bits. Every draw is addressed by its
/// position, so the state is the parameters with their moments, the position and the running loss
/// of the epoch, the history, and what `captured` holds. All memory is taken here; a step allocates
/// nothing.
package final class Trainer {
  /// The trainer version in the key; raised whenever rounding changes.
  package static let version: Int = 1
  /// Steps between two calls of `observe`, and the longest time, but for a single step.
  private static let stepsPerReport = 16
  private static let longestSilence = Duration.milliseconds(50)

  let configuration: Configuration
  private let optimizer: Optimizer
  private let klWeight: Double
  private let klSchedule: KLSchedule
  private let learningRates: LearningRateSchedule?
  let dataset: Dataset
  let streams: Streams
  let network: Network
  let trainCount: Int
  private let batch: ImageBatch
  let workspace: Workspace
  let evaluator: Evaluator
  private let order: UnsafeMutableBufferPointer<Int32>
  var position = Position()
  var history: [EpochRecord] = []
  /// The step of the state that the run went on from; 0 where it began anew.
  package internal(set) var resumedAt = 0
  private let kept: Set<ArtifactKind>
  /// Nil where trajectories do not apply.
  private let schedule: TrajectorySchedule?
  let trajectoryImages: TrajectoryImages?
  /// Part of the state of the run, as the position is.
  package internal(set) var captured = CapturedState()

  /// What was asked for beside the result; empty until the run is complete.
  package private(set) var artifacts: [Artifact] = []

  /// Images that training steps have seen.
  package internal(set) var imagesTrained = 0
  /// Seconds spent in training steps, evaluation left out.
  package internal(set) var trainingSeconds = 0.0

  /// Where the run stands, and the loss sum of the epoch so far.
  struct Position {
    /// From 0.
    var epoch = 0
    /// Images of this epoch that are done.
    var image = 0
    /// Steps in total.
    var step = 0
    /// Sum over the epoch's images so far, in nats.
    var loss = 0.0
  }

  /// `keeping`: what to keep of the run beside its result, where it applies; the result is the same with
  /// and without.
  ///
  /// - Throws: `InvalidValue` where `limit` is larger than the training set, a set is empty, or the
  ///   architecture's input is not the images' number of pixels.
  package init(
    configuration: Configuration, seeds: Seeds, dataset: Dataset,
    keeping kept: Set<ArtifactKind> = []
  ) throws(InvalidValue) {
    try ArchitectureInput(dataset.shape, of: dataset.name).require(configuration.architecture)
    let limit = configuration.limit ?? dataset.train.count
    guard limit <= dataset.train.count else {
      throw InvalidValue(
        key: TrainKey.limit.rawValue, value: "\(limit)",
        expected: "at most \(dataset.train.count), the training images of \(dataset.name)")
    }
    try configuration.requireInReach()
    guard limit > 0, dataset.test.count > 1, let pixels = dataset.train.pixels.baseAddress else {
      throw InvalidValue(
        key: "dataset", value: dataset.name,
        expected: "a dataset with training images and at least two test images")
    }
    BLAS.useSingleThread()
    self.configuration = configuration
    optimizer = configuration.optimizer
    klWeight = configuration.klWeight
    learningRates = configuration.schedule
    self.dataset = dataset
    self.kept = kept
    trainCount = limit
    let batchSize = min(configuration.batchSize, limit)
    let form = InputForm(
      PixelDensity(pixels: pixels, count: limit, width: dataset.shape.pixels),
      testSet: dataset.test)
    let stepsPerEpoch = (limit + batchSize - 1) / batchSize
    klSchedule = KLSchedule(configuration, stepsPerEpoch: stepsPerEpoch)
    streams = Streams(seeds: seeds, architecture: configuration.architecture.description)
    let layout = ParameterLayout(configuration.architecture, sampling: configuration.sampling)
    network = Network(
      layout: layout, settings: NetworkSettings(configuration), gradientsTakeTurns: true)
    batch = ImageBatch(
      capacity: batchSize, inputSize: layout.inputSize, form: form, withGradient: true)
    workspace = Workspace(layout: layout, capacity: batchSize, withGradient: true)
    evaluator = Evaluator(
      network: network, form: form, noise: streams.evaluation,
      binarization: configuration.binarization, pixels: streams.evaluationBinarization)
    if PictureKind.trajectories.applies(
      latentDim: layout.latentDim, sampling: configuration.sampling)
    {
      schedule = TrajectorySchedule(
        epochs: configuration.epochs, stepsPerEpoch: stepsPerEpoch)
      trajectoryImages = TrajectoryImages(dataset.train.labels, count: limit)
    } else {
      schedule = nil
      trajectoryImages = nil
    }
    order = .allocate(capacity: limit)
    order.initialize(repeating: 0)
    initialize(
      network.parameters, layout: layout, with: configuration.initializer,
      from: streams.initialization)
    history.reserveCapacity(configuration.epochs)
  }

  deinit { order.deallocate() }

  /// Runs to the end, unless `observe` stops it by returning false; the result is nil then.
  ///
  /// `observe` is called every 16 steps or 50 ms of them, and after each evaluation batch. It may take
  /// the `state` to go on from.
  package func run(observe: (TrainingProgress) -> Bool) -> TrainingResult? {
    func goOn() -> Bool { observe(progress) }
    if position.step == 0 {
      captured.radiusStart = evaluator.medianRadius(of: dataset.test, goOn: goOn)
      guard goOn() else { return nil }
      captureTrajectories()
    }
    while position.epoch < configuration.epochs {
      guard trainEpoch(goOn) else { return nil }
      guard
        let test = evaluator.losses(
          of: dataset.test, count: dataset.test.count, atMean: true, goOn: goOn)
      else { return nil }
      let record = EpochRecord(
        epoch: position.epoch + 1, trainRunningTotal: position.loss / Double(trainCount),
        test: test.sampled, testReconstructionAtMean: test.reconstructionAtMean)
      history.append(record)
      guard record.isFinite else {
        return TrainingResult(history: history, ending: .diverged(epoch: record.epoch))
      }
      if record.epoch == 5 {
        captured.radiusAfter5 = evaluator.medianRadius(of: dataset.test, goOn: goOn)
        guard goOn() else { return nil }
      }
      position = Position(epoch: position.epoch + 1, step: position.step)
    }
    return finish(goOn)
  }

  private var batchesPerEpoch: Int {
    (trainCount + configuration.batchSize - 1) / configuration.batchSize
  }

  private var progress: TrainingProgress {
    TrainingProgress(
      epoch: min(position.epoch + 1, configuration.epochs), epochs: configuration.epochs,
      step: position.step, steps: configuration.epochs * batchesPerEpoch,
      ended: history.last.map { EpochLoss(epoch: $0.epoch, testTotal: $0.test.total) })
  }

  /// The rest of the epoch at `position`; false when stopped.
  private func trainEpoch(_ goOn: () -> Bool) -> Bool {
    streams.order.shuffle(order, epoch: position.epoch)
    perturbIfDue()
    let clock = ContinuousClock()
    var due = schedule?.next(after: position.step) ?? -1
    while position.image < trainCount {
      let start = clock.now
      let first = position.image
      for _ in 0..<Self.stepsPerReport where position.image < trainCount {
        step()
        if position.step == due || clock.now - start >= Self.longestSilence { break }
      }
      let (seconds, attoseconds) = (clock.now - start).components
      trainingSeconds += Double(seconds) + Double(attoseconds) * 1e-18
      imagesTrained += position.image - first
      if position.step == due {
        captureTrajectories()
        due = schedule?.next(after: due) ?? -1
      }
      guard goOn() else { return false }
    }
    return true
  }

  /// Between two epochs; a state taken in between is one before it.
  private func perturbIfDue() {
    guard let perturbation = configuration.perturbation, position.image == 0,
      position.epoch == perturbation.epoch
    else { return }
    network.encoder[0].weights.addUlp(toElement: perturbation.weight)
  }

  /// Takes the codes that are due at this step.
  private func captureTrajectories() {
    guard let schedule, let images = trajectoryImages, !images.indices.isEmpty else { return }
    let step = position.step
    guard schedule.digits.holds(step) || schedule.cloud.holds(step) else { return }
    let latents = evaluator.encoded(dataset.train, images.indices)
    var (mu, sigma2): ([Float], [Float]) = ([], [])
    evaluator.append(latents, mu: &mu, sigma2: &sigma2)
    if schedule.cloud.holds(step) { captured.cloud.append(step, mu, sigma2) }
    guard schedule.digits.holds(step) else { return }
    let latentDim = latents.mu.columns
    let places = images.firsts.flatMap { ($0 * latentDim)..<(($0 + 1) * latentDim) }
    captured.digits.append(step, places.map { mu[$0] }, places.map { sigma2[$0] })
  }

  /// Trains on without evaluations until `enough`, asked after each step; returns the images seen.
  func trainSteps(until enough: () -> Bool) -> Int {
    var images = 0
    repeat {
      if position.image == 0 { streams.order.shuffle(order, epoch: position.epoch) }
      let first = position.image
      step()
      images += position.image - first
      if position.image == trainCount {
        position = Position(epoch: position.epoch + 1, step: position.step)
      }
    } while !enough()
    return images
  }

  /// One training step: gather, forward, backward, and the update of each layer that is done.
  private func step() {
    let end = min(position.image + configuration.batchSize, trainCount)
    guard let pixels = dataset.train.pixels.baseAddress else { return }
    workspace.clock?.start()
    batch.rule = PixelRule(
      configuration.binarization, streams.binarization,
      z: UInt32(truncatingIfNeeded: position.epoch))
    batch.load(pixels, indices: UnsafeBufferPointer(rebasing: order[position.image..<end]))
    workspace.mark(.gather)
    if configuration.sampling {
      streams.noise.fillNormal(
        workspace.latents.prefix(batch.count).epsilon, firstRow: position.image,
        z: UInt32(truncatingIfNeeded: position.epoch))
      workspace.mark(.elementwise)
    }
    let rule =
      learningRates.map { optimizer.scaled(by: $0.factor(epoch: position.epoch)) } ?? optimizer
    let loss = lossAndGradients(
      network, batch, workspace, klSchedule.objective(step: position.step)
    ) { layer in
      network.update(layer, rule, step: position.step + 1)
      workspace.mark(.optimiser)
    }
    position.step += 1
    position.loss += loss.reconstruction + klWeight * loss.kl
    position.image = end
  }

  /// The final measurements; a value that is not finite is a divergence in the last epoch.
  private func finish(_ goOn: () -> Bool) -> TrainingResult? {
    guard
      let train = evaluator.losses(of: dataset.train, count: trainCount, atMean: false, goOn: goOn),
      let final = evaluator.latentsAndDeadUnits(of: dataset.test, goOn: goOn)
    else { return nil }
    let terms = train.sampled
    guard terms.isFinite, final.latents.allSatisfy(\.isFinite) else {
      return TrainingResult(history: history, ending: .diverged(epoch: configuration.epochs))
    }
    let measurement = StudyMeasurement(
      evaluator: evaluator, dataset: dataset, trainCount: trainCount, prior: streams.prior)
    guard var study = measurement.measures(goOn: goOn),
      let artifacts = keep(goOn)
    else { return nil }
    study[.radiusStart] = captured.radiusStart
    study[.radiusAfter5] = captured.radiusAfter5
    self.artifacts = artifacts
    return TrainingResult(
      history: history,
      ending: .completed(
        FinalMeasurements(
          train: terms, latents: final.latents, deadUnits: final.deadUnits, study: study,
          digest: network.digest)))
  }
}

extension Trainer {
  /// What is kept of the trained network, in the order of the names; nil when stopped.
  private func keep(_ goOn: () -> Bool) -> [Artifact]? {
    let (latentDim, samples) = (network.layout.latentDim, network.logVar != nil)
    let taking = PictureTaking(
      evaluator: evaluator, test: dataset.test, prior: streams.prior, captured: captured,
      trajectoryImages: trajectoryImages)
    var artifacts: [Artifact] = []
    for kind in kept.sorted() where kind.applies(latentDim: latentDim, sampling: samples) {
      let arrays: NamedArrays
      switch kind {
      case .picture(let picture): arrays = taking.arrays(picture)
      case .likelihood(let effort):
        guard let likelihood = likelihood(effort, goOn: goOn) else { return nil }
        arrays = likelihood.arrays
      }
      artifacts.append(Artifact(kind: kind, data: arrays.data))
      guard goOn() else { return nil }
    }
    return artifacts
  }
}

extension LossTerms {
  /// Whether every term is finite.
  var isFinite: Bool { reconstruction.isFinite && kl.isFinite && total.isFinite }
}

extension EpochRecord {
  /// Whether every value is finite.
  var isFinite: Bool {
    trainRunningTotal.isFinite && test.isFinite && testReconstructionAtMean.isFinite
  }
}

extension LatentStatistics {
  /// Whether every value is finite.
  var isFinite: Bool {
    meanMu.isFinite && varMu.isFinite && (meanSigma2 ?? 0).isFinite && kl.isFinite && gain.isFinite
  }
}
