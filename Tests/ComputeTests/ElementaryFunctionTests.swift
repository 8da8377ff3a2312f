import Compute
import Foundation
import Testing

/// Arguments and values from mpmath: `Goldens/make_functions.py`.
private struct FunctionTable: Decodable {
  struct Column: Decodable {
    var arguments: [Double]
    var values: [Double]
  }
  var float: [String: Column]
  var double: [String: Column]

  static func load() throws -> FunctionTable {
    let url = try #require(
      Bundle.module.url(forResource: "Goldens/functions", withExtension: "json"))
    return try JSONDecoder().decode(FunctionTable.self, from: Data(contentsOf: url))
  }
}

/// A function with its bound: units in the last place, or an absolute one where that is larger.
private struct LaneFunction: Sendable, CustomTestStringConvertible {
  let name: String
  let function: @Sendable (Lanes) -> Lanes
  let ulps: Double
  var absolute = 0.0
  var testDescription: String { name }

  static let all = [
    LaneFunction(name: "exp", function: { VectorMath.exp($0) }, ulps: 1),
    LaneFunction(name: "log", function: { VectorMath.log($0) }, ulps: 1),
    LaneFunction(name: "expm1", function: { VectorMath.expMinusOne($0) }, ulps: 2),
    LaneFunction(name: "tanh", function: { VectorMath.tanh($0) }, ulps: 2),
    LaneFunction(name: "sigmoid", function: { VectorMath.sigmoid($0) }, ulps: 2),
    LaneFunction(
      name: "softplus", function: { VectorMath.softplus($0) }, ulps: 2, absolute: 6e-8),
    LaneFunction(
      name: "sinTurns", function: { VectorMath.sinCosOfTurns($0).sin }, ulps: 0, absolute: 2.4e-7),
    LaneFunction(
      name: "cosTurns", function: { VectorMath.sinCosOfTurns($0).cos }, ulps: 0, absolute: 2.4e-7),
  ]
}

private struct ScalarFunction: Sendable, CustomTestStringConvertible {
  let name: String
  let function: @Sendable (Double) -> Double
  var absolute = 0.0
  var testDescription: String { name }

  static let all = [
    ScalarFunction(name: "exp", function: { Scalar.exp($0) }),
    ScalarFunction(name: "log", function: { Scalar.log($0) }),
    ScalarFunction(name: "sin", function: { Scalar.sin($0) }, absolute: 1e-16),
    ScalarFunction(name: "cos", function: { Scalar.cos($0) }, absolute: 1e-16),
  ]
}

struct ElementaryFunctionTests {
  @Test(
    "eight floats at a time stay within their bound of mpmath",
    arguments: LaneFunction.all)
  fileprivate func lanes(_ tested: LaneFunction) throws {
    let (name, function) = (tested.name, tested.function)
    let column = try #require(try FunctionTable.load().float[name])
    var worst = 0.0
    for (argument, value) in zip(column.arguments, column.values) {
      let result = Double(function(Lanes(repeating: Float(argument)))[5])
      let bound = max(tested.ulps * Double(Float(value).ulp), tested.absolute)
      worst = max(worst, abs(result - value) / bound)
      #expect(abs(result - value) <= bound, "\(name)(\(argument)) = \(result), not \(value)")
    }
    #expect(worst > 0.05, "the bound says nothing")
  }

  @Test(
    "one Double at a time stays within 1 ulp of mpmath, or 10⁻¹⁶ near the zeros of sin and cos",
    arguments: ScalarFunction.all)
  fileprivate func scalars(_ tested: ScalarFunction) throws {
    let (name, function) = (tested.name, tested.function)
    let column = try #require(try FunctionTable.load().double[name])
    for (argument, value) in zip(column.arguments, column.values) {
      let result = function(argument)
      #expect(
        abs(result - value) <= max(value.ulp, tested.absolute),
        "\(name)(\(argument)) = \(result), not \(value)")
    }
  }

  @Test("NaN stays NaN, and the ends of the range are right")
  func ends() {
    let nan = Lanes(repeating: .nan)
    let functions: [(Lanes) -> Lanes] = [
      VectorMath.exp, VectorMath.log, VectorMath.expMinusOne, VectorMath.tanh, VectorMath.sigmoid,
      VectorMath.softplus, VectorMath.expOfMinusMagnitude, { $0.positivePart },
    ]
    for function in functions { #expect(function(nan)[0].isNaN) }
    func at(_ function: (Lanes) -> Lanes, _ x: Float) -> Float { function(Lanes(repeating: x))[0] }
    #expect(at(VectorMath.exp, 0) == 1)
    #expect(at(VectorMath.exp, -.infinity) == 0)
    #expect(at(VectorMath.exp, .infinity) == .infinity)
    #expect(at(VectorMath.log, 0) == -.infinity)
    #expect(at(VectorMath.log, 1) == 0)
    #expect(at(VectorMath.log, .infinity) == .infinity)
    #expect(at(VectorMath.log, -1).isNaN)
    #expect(at(VectorMath.tanh, -.infinity) == -1)
    #expect(at(VectorMath.sigmoid, -.infinity) == 0)
    #expect(at(VectorMath.sigmoid, .infinity) == 1)
    #expect(at(VectorMath.expMinusOne, -.infinity) == -1)
    #expect(Scalar.exp(-.infinity) == 0 && Scalar.exp(.infinity) == .infinity)
    #expect(Scalar.exp(-745) == Double.leastNonzeroMagnitude && Scalar.exp(.nan).isNaN)
    #expect(Scalar.log(0) == -.infinity && Scalar.log(-1).isNaN)
  }

  @Test("a byte becomes the correctly rounded byte / 255")
  func pixels() {
    for byte in UInt8.min...UInt8.max {
      #expect(Pixels.unit(SIMD8(repeating: byte))[3] == Float(byte) / 255)
    }
  }
}
