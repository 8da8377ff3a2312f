internal import Sweep

extension Hello {
  init(_ message: Vaesweep_Hello) throws(WireError) {
    let most = 1...FieldRules.maxOfAnything
    try FieldRules.few(message.blasCores.count, "list of BLAS cores", atMost: 64)
    var blasCores: [String] = []
    for core in message.blasCores { blasCores.append(try FieldRules.name(core, "BLAS core")) }
    self.init(
      version: try FieldRules.name(message.version, "version"),
      trainerVersion: try FieldRules.count(message.trainerVersion, "trainer version"),
      host: try FieldRules.name(message.host, "host"),
      process: try FieldRules.count(message.process, "process"),
      cpu: try FieldRules.line(message.cpu, "CPU", longest: FieldRules.longestName),
      slots: try FieldRules.count(message.slots, "number of slots", in: most),
      cores: try FieldRules.count(message.cores, "number of cores", in: most),
      blasCores: blasCores)
    try FieldRules.few(message.predecessors.count, "list of predecessors", atMost: 64)
    predecessors = message.predecessors.map { SessionID($0) }
    allocation = try Allocation(message: message.allocation)
  }

  func protobuf() throws(WireError) -> Vaesweep_Hello {
    var message = Vaesweep_Hello()
    message.version = FieldRules.cleanName(version)
    message.trainerVersion = try FieldRules.small(trainerVersion, "trainer version")
    message.host = FieldRules.cleanName(host)
    message.process = try FieldRules.small(process, "process")
    message.cpu = FieldRules.cleanName(cpu)
    message.slots = try FieldRules.small(slots, "number of slots")
    message.cores = try FieldRules.small(cores, "number of cores")
    message.blasCores = blasCores.map(FieldRules.cleanName)
    message.predecessors = predecessors.map(\.value)
    message.allocation = allocation.map { FieldRules.cleanName($0.name) } ?? ""
    return message
  }
}

extension Terms {
  init(_ message: Vaesweep_Terms) throws(WireError) {
    guard message.heartbeatMilliseconds > 0, message.leaseMilliseconds > 0 else {
      throw .invalid(field: "heartbeat or lease", reason: "is zero")
    }
    guard message.hangMilliseconds > 0 else {
      throw .invalid(field: "time of a hang", reason: "is zero")
    }
    self.init(
      store: message.store, coordinatorEpoch: message.coordinatorEpoch,
      coordinatorStart: message.coordinatorStart,
      sweep: try FieldRules.name(message.sweep, "sweep"),
      blasCore: try FieldRules.name(message.blasCore, "BLAS core"),
      datasetDigest: try FieldRules.digest(message.datasetDigest, "dataset digest"),
      datasetName: try FieldRules.line(message.datasetName, "dataset"),
      datasetBytes: try FieldRules.count(message.datasetBytes, "dataset size"),
      heartbeat: .milliseconds(message.heartbeatMilliseconds),
      lease: .milliseconds(message.leaseMilliseconds))
    hang = .milliseconds(message.hangMilliseconds)
    checkpointEvery = .milliseconds(message.checkpointMilliseconds)
  }

  func protobuf() throws(WireError) -> Vaesweep_Terms {
    var message = Vaesweep_Terms()
    message.store = store
    message.coordinatorEpoch = coordinatorEpoch
    message.coordinatorStart = coordinatorStart
    message.sweep = FieldRules.cleanName(sweep)
    message.blasCore = FieldRules.cleanName(blasCore)
    message.datasetDigest = datasetDigest.hex
    message.datasetName = FieldRules.clean(datasetName)
    message.datasetBytes = try FieldRules.large(datasetBytes, "dataset size")
    message.heartbeatMilliseconds = try Self.milliseconds(heartbeat, "heartbeat")
    message.leaseMilliseconds = try Self.milliseconds(lease, "lease")
    message.hangMilliseconds = try Self.milliseconds(hang, "time of a hang")
    if checkpointEvery > .zero {
      message.checkpointMilliseconds = try Self.milliseconds(checkpointEvery, "checkpoint time")
    }
    return message
  }

  private static func milliseconds(_ duration: Duration, _ field: String) throws(WireError)
    -> UInt32
  {
    let whole = duration / Duration.milliseconds(1)
    guard whole >= 1, whole <= Double(UInt32.max) else {
      throw .invalid(field: field, reason: "is \(duration), out of range")
    }
    return UInt32(whole)
  }
}

extension Ready {
  init(_ message: Vaesweep_Ready) throws(WireError) {
    self.init(
      fingerprint: try FieldRules.name(message.fingerprint, "fingerprint"))
  }

  func protobuf() -> Vaesweep_Ready {
    var message = Vaesweep_Ready()
    message.fingerprint = FieldRules.cleanName(fingerprint)
    return message
  }
}

extension Refusal {
  init(_ message: Vaesweep_Refusal) throws(WireError) {
    self.init(reason: try FieldRules.line(message.reason, "reason"))
  }

  func protobuf() -> Vaesweep_Refusal {
    var message = Vaesweep_Refusal()
    message.reason = FieldRules.clean(reason)
    return message
  }
}
