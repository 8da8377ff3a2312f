// A new key: its entry here, in `standard` too, and its maths. Nothing else names it.

extension TrainKey {
  package static let sampling = TrainKey(
    "sampling", .flag, default: .bool(true), entersKeyAtDefault: true,
    help: "Sample z; without it z = μ and the KL term is ½ Σ μ².")

  package static let epochs = TrainKey(
    "epochs", .whole(1...Configuration.maxEpochs), default: .int(50), entersKeyAtDefault: true,
    help: "Passes over the training images.")

  package static let batchSize = TrainKey(
    "batch_size", .whole(1...100_000), default: .int(128), entersKeyAtDefault: true,
    help: "Images per step.")

  package static let optimizer = TrainKey(
    "optimizer", .choice(OptimizerName.allCases.map(\.rawValue)), default: .string("adam"),
    entersKeyAtDefault: true, help: "The rule of a step.")

  package static let learningRate = TrainKey(
    "learning_rate", .real(.aboveZero), default: .double(0.001), of: [.adam, .rmsprop, .sgd],
    entersKeyAtDefault: true, help: "Step size.")

  package static let beta1 = TrainKey(
    "beta1", .real(.fromZeroBelowOne), default: .double(0.9), of: [.adam], entersKeyAtDefault: true,
    help: "Decay of Adam's first moment.")

  package static let beta2 = TrainKey(
    "beta2", .real(.fromZeroBelowOne), default: .double(0.999), of: [.adam],
    entersKeyAtDefault: true, help: "Decay of Adam's second moment.")

  package static let rho = TrainKey(
    "rho", .real(.fromZeroBelowOne), default: .double(0.9), of: [.rmsprop],
    entersKeyAtDefault: true, help: "Decay of RMSprop's mean square.")

  package static let momentum = TrainKey(
    "momentum", .real(.fromZeroBelowOne), default: .double(0.9), of: [.sgd],
    entersKeyAtDefault: true, help: "Momentum of SGD.")

  package static let epsilon = TrainKey(
    "epsilon", .real(.aboveZero), default: .double(1e-8), of: [.adam, .rmsprop],
    entersKeyAtDefault: true, help: "Added outside the root by Adam and RMSprop.")

  package static let initializer = TrainKey(
    "initializer", .choice(Initializer.allCases.map(\.rawValue)),
    default: .string(Initializer.glorotUniform.rawValue), entersKeyAtDefault: true,
    help: "The distribution of the initial weights.")

  package static let activation = TrainKey(
    "activation", .choice(Activation.allCases.map(\.rawValue)),
    default: .string(Activation.relu.rawValue), entersKeyAtDefault: true,
    help: "The nonlinearity of every hidden layer.")

  package static let loss = TrainKey(
    "loss", .choice(ReconstructionLoss.allCases.map(\.rawValue)),
    default: .string(ReconstructionLoss.bce.rawValue), entersKeyAtDefault: true,
    help: "Reconstruction loss: cross-entropy, or half the squared error.")

  package static let klWeight = TrainKey(
    "kl_weight", .real(.fromZero), default: .double(1), entersKeyAtDefault: true,
    help: "Weight of the KL term.")

  package static let limit = TrainKey(
    "limit", .wholeOrNone(from: 1), default: .null, entersKeyAtDefault: true,
    help: "Use only the first N training images.")

  package static let binarize = TrainKey(
    "binarize", .choice(Binarization.allCases.map(\.rawValue)),
    default: .string(Binarization.none.rawValue),
    help: "Pixels as 0 or 1: from 128 on, or drawn anew in every epoch with their brightness.")

  package static let klWarmup = TrainKey(
    "kl_warmup", .whole(0...Configuration.maxEpochs), default: .int(0),
    help: "Epochs over which the weight of the KL term rises from 0 in a straight line.")

  package static let klCycles = TrainKey(
    "kl_cycles", .whole(0...Configuration.maxEpochs), default: .int(0),
    help: "Cycles of the KL term's weight over the run: half rising from 0, half at full weight.")

  package static let freeBits = TrainKey(
    "free_bits", .real(.fromZero), default: .double(0),
    help: "Nats of KL per latent, in the mean of a batch, that training does not count.")

  package static let schedule = TrainKey(
    "schedule", .text(.schedule), default: .null,
    help: "Factors on the learning rate, each from the start of an epoch (from 0) on.")

  package static let perturb = TrainKey(
    "perturb", .text(.perturbation), default: .null,
    help: "Add one ulp to a weight of the first layer at the start of an epoch, as 406@0.")

  /// Every key, in the order of the columns and flags.
  package static let standard: [TrainKey] = [
    .sampling, .epochs, .batchSize, .optimizer, .learningRate, .beta1, .beta2, .rho, .momentum,
    .epsilon, .initializer, .activation, .loss, .klWeight, .limit, .binarize, .klWarmup, .klCycles,
    .freeBits, .schedule, .perturb,
  ]

  /// The keys in force.
  ///
  /// Tests put a copy with one more in its place for the time of a closure, to see that earlier stores
  /// and points stay as they are.
  @TaskLocal package static var allCases = standard
}
