import Compute
import Foundation
import Testing
import VAE

/// Reads what `Goldens/make_goldens.py` wrote.
func golden<Content: Decodable>(_ name: String, as _: Content.Type = Content.self) throws -> Content
{
  let url = try #require(Bundle.module.url(forResource: "Goldens/\(name)", withExtension: "json"))
  return try JSONDecoder().decode(Content.self, from: Data(contentsOf: url))
}

struct GradientGolden: Decodable {
  struct Case: Decodable {
    var activation: String
    var loss: String
    var sampling: Bool
    var reconstruction: Double
    var kl: Double
    var gradients: [String: [Double]]
  }
  var inputSize: Int
  var hidden: [Int]
  var latentDim: Int
  var batchSize: Int
  var klWeight: Double
  var pixels: [UInt8]
  var noise: [Float]
  var parameters: [String: [Float]]
  var cases: [Case]

  /// A network of the golden's shape with the golden's parameters.
  func network(_ activation: Activation, _ loss: ReconstructionLoss, sampling: Bool) -> Network {
    let network = Network(
      layout: ParameterLayout(
        inputSize: inputSize, hidden: hidden, latentDim: latentDim, sampling: sampling),
      settings: NetworkSettings(activation: activation, loss: loss, klWeight: klWeight))
    for layer in network.layout.layers {
      let weights = layer.weights(in: network.parameters)
      for (element, value) in (parameters[layer.name + ".weight"] ?? []).enumerated() {
        weights.row(element / layer.outputs)[element % layer.outputs] = value
      }
      for (element, value) in (parameters[layer.name + ".bias"] ?? []).enumerated() {
        layer.bias(in: network.parameters)[element] = value
      }
    }
    return network
  }
}

extension GradientGolden {
  var images: Int { pixels.count / inputSize }

  /// What a step of `network` works in, for images given dense.
  func batch(for network: Network) -> (ImageBatch, Workspace) {
    (
      ImageBatch(capacity: batchSize, inputSize: inputSize, form: .dense, withGradient: true),
      Workspace(layout: network.layout, capacity: batchSize, withGradient: true)
    )
  }

  /// Loads a batch that begins with an image.
  func load(_ batch: ImageBatch, from first: Int) {
    pixels.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      batch.load(base, range: first..<(first + batchSize))
    }
  }

  /// The fixed sequence of `noise` in `make_goldens.py`.
  func fixedNoise(step: Int, count: Int) -> [Float] {
    (0..<count).map { i in
      let word = (UInt64(step * count + i) * 2_654_435_761) % 4_294_967_296
      return Float((Double(word) / 4_294_967_296 - 0.5) * 3.464_101_615_137_754_4)
    }
  }
}

extension Workspace {
  /// Puts ε in place, rows × latents.
  func setNoise(_ noise: [Float]) {
    let epsilon = latents.epsilon
    for (element, value) in noise.enumerated() {
      epsilon.row(element / epsilon.columns)[element % epsilon.columns] = value
    }
  }
}

/// ‖actual − expected‖ / ‖expected‖.
func relativeError(_ actual: [Double], _ expected: [Double]) -> Double {
  let difference = zip(actual, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  let norm = expected.reduce(0) { $0 + $1 * $1 }
  return norm == 0 ? difference : (difference / norm).squareRoot()
}
