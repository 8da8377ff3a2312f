package import Study
import Sweep
import VAE

/// The claims of a sweep with their verdicts, as `vaesweep claims` prints them.
///
/// `table` and `markdown`: the verdicts, then every test in figures. `csv`: one line per test.
/// `json`: all of it in one object.
package struct ClaimTable {
  /// Whose claims they are; nil where there is one sweep with claims.
  package let sweep: String?
  /// Lines that tell which claims could not be read and have no verdict.
  private let leftOut: [String]
  private let judgement: ClaimJudgement

  package init(_ judgement: ClaimJudgement, sweep: String? = nil, leftOut: [String] = []) {
    self.sweep = sweep
    self.leftOut = leftOut
    self.judgement = judgement
  }

  /// Several sweeps' claims, one below the other: each family was fixed, and is adjusted, by itself.
  ///
  /// `json`: an object, or where there are several sweeps an array of them.
  package static func render(_ tables: [ClaimTable], _ format: OutputFormat) -> String {
    if tables.count == 1 { return tables[0].render(format) }
    return switch format {
    case .json: JSONValue.array(tables.map(\.json)).pretty + "\n"
    case .csv:
      Table(columns: tables.first?.flat.columns ?? [], rows: tables.flatMap(\.flat.rows))
        .render(.csv)
    case .table, .markdown: tables.map { $0.render(format) }.joined(separator: "\n")
    }
  }

  /// One for each part of each claim, in the order of the file.
  package var rows: [ClaimRow] {
    judgement.claims.flatMap { claim in claim.parts.map { row($0, of: claim) } }
  }

  /// What a reader must know of all of them.
  package var method: [String] {
    let resampling = judgement.resampling
    let family =
      judgement.registered.map { "family \($0.short), fixed before the first outcome" }
      ?? "no claim was fixed before the first outcome: all are post hoc"
    return (sweep.map { ["sweep \($0)"] } ?? []) + [
      family,
      "two-sided 95 % intervals; borne out or contradicted where the interval lies on one side, "
        + "also after Holm's adjustment for the \(judgement.tests.of("test")) of the family",
      "within a margin: the 95 % interval lies inside it, which is stricter than two one-sided tests "
        + "at 5 % (they ask for the 90 % interval)",
      "inference is over seeds, given this split into training and test images; "
        + "\(resampling.replicates) resamples from seed \(resampling.seed)",
    ] + interim + leftOut
  }

  /// What a verdict before the last run is worth.
  private var interim: [String] {
    guard judgement.claims.contains(where: \.isInterim) else { return [] }
    return [
      "interim: runs are missing; the level holds for one look at the number of seeds that was planned, "
        + "and who looks on the way finds something too often"
    ]
  }

  package func render(_ format: OutputFormat, ansi: Bool = false) -> String {
    switch format {
    case .json: json.pretty + "\n"
    case .csv: flat.render(.csv)
    case .table, .markdown:
      claims.render(format, ansi: ansi)
        + (rows.isEmpty ? "" : "\n" + tests.render(format, ansi: ansi))
    }
  }

  private func row(_ part: JudgedPart, of claim: JudgedClaim) -> ClaimRow {
    let unit = ClaimWords.unit(part.part)
    return ClaimRow(
      id: claim.claim.id, claim: claim.claim.words, claimVerdict: ClaimWords.verdict(claim),
      question: ClaimWords.question(part), expectation: ClaimWords.expectation(part.part.bounds),
      figure: part.finding.map { $0.figure.figure + unit },
      interval: part.finding?.interval?.figure, test: part.finding?.test,
      adjusted: part.adjusted?.probability, runs: ClaimWords.runs(part),
      countedRuns: ClaimWords.counted(part, "run"),
      verdict: ClaimWords.verdict(part),
      beside: part.finding?.beside.joined(separator: "; ") ?? "",
      notes: part.finding?.notes.joined(separator: "; ") ?? "")
  }

  private var claims: Table {
    var table = Table(
      caption: judgement.claims.isEmpty ? leftOut : method,
      columns: ["claim", "verdict", "what is claimed"], empty: "this store has no claims")
    for claim in judgement.claims {
      table.append([
        .text(claim.claim.id), .text(ClaimWords.verdict(claim)), .text(claim.claim.words),
      ])
    }
    return table
  }

  /// Figures first: what they are of is long, and may run over the edge of a terminal.
  private var tests: Table {
    var table = Table(columns: [
      "claim", Column("figure", alignment: .right), Column("ci95", title: "95 % interval"),
      "expected", Column("p_holm", title: "p after Holm", alignment: .right), "verdict", "runs",
      "figure of", "test", "beside", "note",
    ])
    for row in rows {
      table.append([
        .text(row.id), Cell(row.figure), Cell(row.interval), .text(row.expectation),
        Cell(row.adjusted), .text(row.verdict), .text(row.runs), .text(row.question),
        Cell(row.test), .text(row.beside), .text(row.notes),
      ])
    }
    return table
  }

  private var flat: Table {
    let lines = judgement.claims.flatMap { claim in
      claim.parts.map { part in
        (sweep.map { [JSONValue.Member("sweep", .string($0))] } ?? []) + [
          JSONValue.Member("id", .string(claim.claim.id)),
          JSONValue.Member("claim", .string(claim.claim.words)),
          JSONValue.Member("claim_verdict", .string(claim.verdict.word)),
          JSONValue.Member("standing", .string(claim.standing.rawValue)),
        ] + members(part, of: claim)
      }
    }
    return Table(
      columns: (lines.first ?? []).map { Column($0.name) },
      rows: lines.map { $0.map { Cell(json: $0.value) } })
  }

  private var json: JSONValue {
    [
      "sweep": JSONValue(sweep),
      "family": JSONValue(judgement.registered?.hex), "tests": .int(judgement.tests),
      "confidence": .number(confidence),
      "resampling": [
        "replicates": .int(judgement.resampling.replicates),
        "seed": .int(Int(clamping: judgement.resampling.seed)),
      ],
      "method": .array(method.map(JSONValue.string)),
      "claims": .array(
        judgement.claims.map { claim in
          [
            "id": .string(claim.claim.id), "claim": .string(claim.claim.words),
            "standing": .string(claim.standing.rawValue),
            "interim": .bool(claim.isInterim), "verdict": .string(claim.verdict.word),
            "verdict_in_words": .string(ClaimWords.verdict(claim)),
            "parts": .array(claim.parts.map { .object(members($0, of: claim)) }),
          ]
        }),
    ]
  }

  private func members(_ part: JudgedPart, of claim: JudgedClaim) -> [JSONValue.Member] {
    let row = row(part, of: claim)
    func total(_ count: (PointCounts) -> Int) -> JSONValue {
      .int(part.sides.reduce(0) { $0 + count($1.counts) })
    }
    return [
      JSONValue.Member("question", .string(row.question)),
      JSONValue.Member("test", .string(part.part.test.rawValue)),
      JSONValue.Member("above", JSONValue(part.part.bounds.lower)),
      JSONValue.Member("below", JSONValue(part.part.bounds.upper)),
      JSONValue.Member("figure", JSONValue(part.finding?.figure)),
      JSONValue.Member("ci95_low", JSONValue(part.finding?.interval?.lower)),
      JSONValue.Member("ci95_high", JSONValue(part.finding?.interval?.upper)),
      JSONValue.Member("method", JSONValue(row.test)),
      JSONValue.Member("p", JSONValue(part.pValue)),
      JSONValue.Member("p_holm", JSONValue(part.adjusted)),
      JSONValue.Member("planned", total(\.planned)), JSONValue.Member("ok", total(\.ok)),
      JSONValue.Member("diverged", total(\.diverged)), JSONValue.Member("failed", total(\.failed)),
      JSONValue.Member("missing", total(\.missing)),
      JSONValue.Member("verdict", .string(part.verdict.word)),
      JSONValue.Member("interim", .bool(part.missing > 0)),
      JSONValue.Member("sentence", .string(row.sentence)),
      JSONValue.Member("notes", .string(row.notes)),
    ]
  }
}

extension ClaimVerdict {
  /// A stable word for programs.
  package var word: String {
    switch self {
    case .borneOut: "borne out"
    case .contradicted: "contradicted"
    case .notDecided: "not decided"
    case .none: "no verdict"
    }
  }
}
