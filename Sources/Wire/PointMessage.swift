internal import Sweep
internal import VAE

extension Point {
  init(_ message: Vaesweep_Point) throws(WireError) {
    let seeds = Seeds(
      initialization: message.initSeed, order: message.orderSeed, noise: message.noiseSeed)
    do {
      let architecture = try Architecture(
        input: message.input == 0 ? Architecture.usualInput : Int(message.input),
        hidden: message.hidden.prefix(Architecture.maxLayers + 1).map(Int.init),
        latentDim: Int(message.latentDim))
      let values = try Self.values(message.parameters)
      let configuration = try Configuration(
        architecture: architecture, values, from: .record)
      // A key that is dropped or filled in would make another point than the one that was sent.
      guard configuration.hasExactly(values) else {
        throw WireError.invalid(
          field: "point", reason: "does not name exactly the train keys that apply")
      }
      self.init(configuration: configuration, seeds: seeds)
    } catch let error as InvalidValue {
      throw .invalid(field: "point", reason: FieldRules.clean("has \(error)", longest: 1024))
    } catch let error as WireError {
      throw error
    } catch {
      throw .invalid(field: "point", reason: "cannot be read")
    }
  }

  func protobuf() throws(WireError) -> Vaesweep_Point {
    var message = Vaesweep_Point()
    let input = configuration.architecture.input
    if input != Architecture.usualInput { message.input = try FieldRules.small(input, "input") }
    for width in configuration.architecture.hidden {
      message.hidden.append(try FieldRules.small(width, "width"))
    }
    message.latentDim = try FieldRules.small(configuration.architecture.latentDim, "latent_dim")
    for entry in configuration.settings {
      var parameter = Vaesweep_Parameter()
      parameter.key = entry.key.rawValue
      parameter.value =
        switch entry.value {
        case .bool(let value): .flag(value)
        case .int(let value): .integer(Int64(value))
        case .double(let value): .number(value)
        case .string(let value): .text(value)
        case .null: .null(true)
        }
      message.parameters.append(parameter)
    }
    message.initSeed = seeds.initialization
    message.orderSeed = seeds.order
    message.noiseSeed = seeds.noise
    return message
  }

  private static func values(_ parameters: [Vaesweep_Parameter]) throws(WireError)
    -> [TrainKey: ParameterValue]
  {
    try FieldRules.few(
      parameters.count, "list of train keys", atMost: TrainKey.allCases.count)
    var values = [TrainKey: ParameterValue](minimumCapacity: parameters.count)
    for parameter in parameters {
      let name = FieldRules.clean(parameter.key, longest: 64)
      guard let key = TrainKey(rawValue: parameter.key) else {
        throw .invalid(field: "point", reason: "has an unknown train key '\(name)'")
      }
      let value: ParameterValue
      switch parameter.value {
      case .flag(let flag): value = .bool(flag)
      case .integer(let number): value = .int(Int(number))
      case .number(let number): value = .double(number)
      case .text(let text): value = .string(text)
      case .null: value = .null
      case nil: throw .invalid(field: "point", reason: "has no value for '\(name)'")
      }
      guard values.updateValue(value, forKey: key) == nil else {
        throw .invalid(field: "point", reason: "names '\(name)' twice")
      }
    }
    return values
  }
}

extension Configuration {
  /// Whether these are the keys that apply, at their effective values; one that came into the catalogue
  /// later may be missing at its default, as it is from the point's key.
  fileprivate func hasExactly(_ named: [TrainKey: ParameterValue]) -> Bool {
    let missing = settings.filter { named[$0.key] == nil }
    return missing.allSatisfy(\.isLeftOutOfKey) && settings.count - missing.count == named.count
      && settings.allSatisfy { named[$0.key, default: $0.value] == $0.value }
  }
}
