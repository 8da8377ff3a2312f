import Compute
import Testing
import VAE

/// The optimisers one parameter at a time, as their formulas stand, with the CPU's own subnormals.
private struct PlainStep {
  var learningRate: Float
  var decay: Float
  var secondDecay: Float
  var epsilon: Float

  /// By which Adam moves a weight at most, for each unit of its moment.
  var factor: Float { learningRate / (1 - decay) / max(epsilon, 1e-10) }

  func adam(_ theta: inout Float, _ g: Float, _ m: inout Float, _ v: inout Float) {
    let rate = Float(Double(learningRate) / (1 - Double(decay)))
    let correction = Float(1 / (1 - Double(secondDecay)).squareRoot())
    let square = g * g
    m = g.addingProduct(decay, m - g)
    v = square.addingProduct(secondDecay, v - square)
    theta -= rate * m / epsilon.addingProduct(v.squareRoot(), correction)
  }

  func rmsprop(_ theta: inout Float, _ g: Float, _ v: inout Float) {
    let square = g * g
    v = square.addingProduct(decay, v - square)
    theta -= learningRate * g / (v.squareRoot() + epsilon)
  }

  func sgd(_ theta: inout Float, _ g: Float, _ v: inout Float) {
    v = g.addingProduct(decay, v)
    theta = theta.addingProduct(-learningRate, v)
  }
}

/// Floats of every size, most of them where subnormals begin.
private struct FloatSource {
  private let philox = Philox(key: (20_261_130, 0))
  private var drawn: UInt32 = 0

  private mutating func word() -> UInt32 {
    drawn += 1
    return philox.block(SIMD4(drawn, 0, 0, 0)).x
  }

  mutating func choice<T>(_ values: [T]) -> T { values[Int(word() % UInt32(values.count))] }

  mutating func zero() -> Float { Float(bitPattern: word() & 0x8000_0000) }

  mutating func small() -> Float {
    let sign = word() & 0x8000_0000
    let least: UInt32 = 0x0080_0000
    // Up to 2⁻⁸⁷, beyond what is taken for small.
    let range = choice([1, 2, 12, 600, 3_000, least, 2 * least, 40 * least])
    return Float(bitPattern: sign | word() % range)
  }

  mutating func any() -> Float {
    let edges: [Float] = [0.5, -2, 1e-20, 1e-30, .leastNormalMagnitude, .infinity, .nan]
    return choice([true, false])
      ? Float(bitPattern: word() % 0xFF80_0000) : choice(edges)
  }

  /// Where a weight begins to be moved by a moment of 2⁻¹⁰⁰ and `factor` times that.
  mutating func edge(_ factor: Float) -> Float {
    let shares: [Float] = [0x1p-78, 0x1p-76, 0x1.8p-75, 0x1p-74, 0x1.8p-73, 0x1p-72, 0x1p-70]
    return choice([1, -1]) * factor * choice(shares) * (1 + Float(word() % 9) * 0x1p-23)
  }
}

struct IdleLanesTests {
  private static let count = 1_048
  private typealias State = (
    theta: UnsafeMutablePointer<Float>, g: UnsafeMutablePointer<Float>,
    m: UnsafeMutablePointer<Float>, v: UnsafeMutablePointer<Float>
  )

  /// Whether `kernel` leaves the bits that `plain` does, over settings, values and steps on end.
  private func agrees(
    signedSecond: Bool = false, _ kernel: (State, PlainStep) -> Void,
    _ plain: (PlainStep, inout Float, Float, inout Float, inout Float) -> Void
  ) -> Bool {
    var source = FloatSource()
    let arena = Arena(count: 4 * 1_056)
    let state: State = (
      arena.take(Self.count), arena.take(Self.count), arena.take(Self.count),
      arena.take(Self.count)
    )
    for round in 0..<600 {
      let settings = PlainStep(
        learningRate: source.choice([0.001, 0.5, 3, 0, 1e-38, 0x1.2p-50, -0.001]),
        decay: source.choice([0.9, 0.5, 0.999, 0, 0x1.fffffep-1]),
        secondDecay: source.choice([0.999, 0.9, 0.5]),
        epsilon: source.choice([1e-8, 1e-4, 1.9, 0]))
      for i in 0..<Self.count {
        let isIdle = round % 3 == 0 || (round % 3 == 1 && i % 5 != 0)
        state.g[i] = isIdle ? source.zero() : source.any()
        state.m[i] = isIdle ? source.small() : source.any()
        state.theta[i] = i % 7 == 0 ? source.zero() : source.any()
        if i % 7 == 1 {
          state.theta[i] = source.edge(settings.factor)
          state.m[i] = source.choice([0x1p-100, -0x1p-100, 0x1.000002p-100, 0x1.fffffep-101])
        }
        let second = i % 3 == 0 ? source.any() : source.small()
        state.v[i] = signedSecond ? second : second.magnitude
      }
      let (theta, m, v) = (state.theta, state.m, state.v)
      var expected = (0..<Self.count).map { (theta[$0], m[$0], v[$0]) }
      for _ in 0..<3 {
        kernel(state, settings)
        for i in 0..<Self.count {
          var (dueTheta, dueM, dueV) = expected[i]
          plain(settings, &dueTheta, state.g[i], &dueM, &dueV)
          expected[i] = (dueTheta, dueM, dueV)
          for (found, due) in [(theta[i], dueTheta), (m[i], dueM), (v[i], dueV)]
          where found.bitPattern != due.bitPattern && !(found.isNaN && due.isNaN) {
            Issue.record("\(found) where \(due) is due: \(settings), gradient \(state.g[i])")
            return false
          }
        }
      }
    }
    return true
  }

  @Test("Adam gives the bits of its formula where moments are subnormal", arguments: [false, true])
  func adam(wide: Bool) {
    #expect(
      agrees(signedSecond: true) { state, settings in
        VAE.adam(
          state.theta, state.g, state.m, state.v, count: Self.count,
          AdamStep(
            learningRate: Double(settings.learningRate), beta1: Double(settings.decay),
            beta2: Double(settings.secondDecay), epsilon: Double(settings.epsilon), step: 1),
          wide: wide && WideVectors.areAvailable)
      } _: {
        $0.adam(&$1, $2, &$3, &$4)
      })
  }

  @Test("RMSprop gives the bits of its formula where moments are subnormal")
  func rmsprop() {
    #expect(
      agrees { state, settings in
        VAE.rmsprop(
          state.theta, state.g, state.v, count: Self.count, learningRate: settings.learningRate,
          rho: settings.decay, epsilon: settings.epsilon)
      } _: {
        $0.rmsprop(&$1, $2, &$4)
      })
  }

  @Test("SGD with momentum gives the bits of its formula where velocities are subnormal")
  func sgd() {
    #expect(
      agrees(signedSecond: true) { state, settings in
        VAE.sgd(
          state.theta, state.g, state.v, count: Self.count, learningRate: settings.learningRate,
          momentum: settings.decay)
      } _: {
        $0.sgd(&$1, $2, &$4)
      })
  }
}
