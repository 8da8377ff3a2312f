import Compute

/// What this build computes on this machine, as one hash.
///
/// Two processes with the same fingerprint give the same bits for the same point: it depends on the
/// BLAS core and on our own vector path only.
package enum NumericFingerprint {
  private static let images = 80
  private static let steps = 5

  /// Hex SHA-256 of the parameters after five fixed steps on synthetic images, one fifth of whose
  /// pixels are set, through the sparse and the dense first layer both.
  package static func compute() -> String {
    BLAS.useSingleThread()
    let width = Architecture.usualInput
    let philox = Philox(key: (20_140_501, 0))
    let pixels = UnsafeMutablePointer<UInt8>.allocate(capacity: images * width)
    defer { pixels.deallocate() }
    for i in 0..<(images * width) {
      let word = philox.block(SIMD4(UInt32(truncatingIfNeeded: i), 0, 0, 0)).x
      (pixels + i).initialize(to: word % 5 == 0 ? UInt8(truncatingIfNeeded: word >> 24) : 0)
    }
    let digests = [InputForm.sparse(maxPerImage: width), .dense].map { form in
      parametersAfterSteps(pixels, form)
    }
    return hexDigest(of: digests.joined())
  }

  private static func parametersAfterSteps(
    _ pixels: UnsafePointer<UInt8>, _ form: InputForm
  ) -> String {
    let layout = ParameterLayout(
      inputSize: Architecture.usualInput, hidden: [72, 32, 8], latentDim: 4, sampling: true)
    let network = Network(
      layout: layout, settings: NetworkSettings(activation: .relu, loss: .bce, klWeight: 1),
      gradientsTakeTurns: true)
    let optimizer = Optimizer.adam(
      learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
    let streams = Streams(seeds: Seeds(1), architecture: "fingerprint")
    initialize(
      network.parameters, layout: layout, with: .glorotUniform, from: streams.initialization)
    let size = images / steps
    let batch = ImageBatch(
      capacity: size, inputSize: layout.inputSize, form: form, withGradient: true)
    let workspace = Workspace(layout: layout, capacity: size, withGradient: true)
    for step in 1...steps {
      batch.load(pixels, range: ((step - 1) * size)..<(step * size))
      streams.noise.fillNormal(workspace.latents.epsilon, firstRow: 0, z: UInt32(step))
      _ = lossAndGradients(network, batch, workspace) {
        network.update($0, optimizer, step: step)
      }
    }
    return network.digest
  }
}
