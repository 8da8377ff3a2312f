import ArgumentParser
import Dashboard
import Logging
import Platform
import Sweep
import VAE

/// `--http` of commands that run a coordinator: what it does, for browsers and Prometheus.
struct HTTPOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Serve a live page, /metrics and /api/… here, such as 127.0.0.1:8757; port 0 takes any free one.",
      valueName: "address"))
  var http: String?
  @Option(
    help: ArgumentHelp(
      """
      Who reads with --http must know this, or what @FILE holds; beyond loopback one is made where none \
      is given.
      """, valueName: "token|@file"))
  var httpToken: String?

  /// What was asked for, checked.
  struct Plan {
    let address: HTTPAddress
    let rule: AccessRule
    /// Whether the token is one that nobody knows yet.
    let isGenerated: Bool
  }

  /// nil where nothing is to be served.
  func plan() throws(CommandError) -> Plan? {
    guard let http else {
      guard httpToken == nil else {
        throw .badInput("--http-token: without --http there is nothing to read")
      }
      return nil
    }
    let token = try token()
    do throws(DashboardError) {
      let address = try HTTPAddress(parsing: http)
      let isGenerated = token == nil && !address.isLoopback
      let rule = try AccessRule(token: isGenerated ? AccessRule.generated() : token)
      return Plan(address: address, rule: rule, isGenerated: isGenerated)
    } catch {
      switch error {
      case .token: throw .badInput("--http-token: \(error)")
      case .address, .listen: throw .badInput("--http \(error)")
      }
    }
  }

  private func token() throws(CommandError) -> String? {
    guard let httpToken else { return nil }
    guard httpToken.hasPrefix("@") else {
      ProcessArguments.hide(httpToken)
      return httpToken
    }
    let file = try SecretFile(
      String(httpToken.dropFirst()), option: "--http-token", holding: "token")
    file.warnIfOpen(Logger.console())
    return String(file.text.prefix { !$0.isNewline })
  }
}

extension HTTPOptions.Plan {
  /// Listens and serves what a follower puts out, and says where.
  func serve(_ follower: SweepFollower, _ logger: Logger) throws(CommandError) -> DashboardServer {
    let pages = DashboardPages(
      follower.board,
      program: ProgramFacts(version: programVersion, trainerVersion: Trainer.version))
    let server: DashboardServer
    do throws(DashboardError) {
      server = try DashboardServer(at: address, rule: rule, pages: pages)
    } catch {
      throw .failure("--http: \(error)")
    }
    // Every address of this host is none that a browser can be given.
    let place = "http://\(server.address.reached(as: ThisHost().address))/"
    if let token = rule.token, isGenerated {
      logger.info("to look at it: \(place)?token=\(token)")
    } else {
      logger.info("to look at it\(rule.token == nil ? "" : " with the token"): \(place)")
    }
    if !server.address.isLoopback {
      logger.warning("\(place) is not encrypted: who sees the network's traffic sees the token")
    }
    return server
  }
}
