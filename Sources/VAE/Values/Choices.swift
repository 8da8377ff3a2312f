/// The initial distribution of weights and biases.
package enum Initializer: String, CaseIterable, Hashable, Sendable {
  /// U(±√(6 / (fan_in + fan_out))), biases zero (Glorot & Bengio 2010; the Keras default).
  case glorotUniform = "glorot_uniform"
  /// N(0, 2 / fan_in), biases zero (He et al. 2015).
  case heNormal = "he_normal"
  /// U(±1 / √fan_in) for weights and biases (the default of `torch.nn.Linear`).
  case torchLinear = "torch_linear"
}

/// The nonlinearity of every hidden layer.
package enum Activation: String, CaseIterable, Hashable, Sendable {
  case relu
  case tanh
  case sigmoid
  case elu
}

/// The reconstruction loss of one image, in nats.
package enum ReconstructionLoss: String, CaseIterable, Hashable, Sendable {
  /// Binary cross-entropy on logits, summed over pixels.
  case bce
  /// Half the squared error, summed over pixels.
  case mse
}
