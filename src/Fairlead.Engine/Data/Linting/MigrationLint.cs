using Fairlead.Engine.Data.Sql;

namespace Fairlead.Engine.Data.Linting;

/// <summary>
/// Looks at migrations, in the order in which they run, for what holds up or breaks those who use the database meanwhile. Pure. Files that
/// ended long ago are read as well, so that it knows the types of columns; only of new ones anything is said.
/// </summary>
public sealed class MigrationLint(SqlDialect dialect)
{
    /// <summary>What takes away what the live release may use belongs into these, and only there it is meant.</summary>
    private static readonly HashSet<string> Contracting =
    [
        LintRules.ColumnDropped.Id,
        LintRules.TableDropped.Id,
        LintRules.ThingDropped.Id,
    ];

    private readonly LintMemory memory = new();

    /// <summary>Reads the next file.</summary>
    /// <param name="isContract">It runs only when no release reads any more what it takes away.</param>
    public FileFindings Look(SqlScript script, bool isContract)
    {
        memory.BeginFile();
        var (open, allowed) = (new List<LintFinding>(), new List<string>());
        foreach (var statement in script.Statements)
        {
            foreach (var finding in Of(statement, script))
            {
                var allowance = statement.Allowances.FirstOrDefault(one => one.Rule == finding.Rule);
                if (allowance is not null)
                {
                    allowed.Add($"{finding.Rule} in line {finding.Line}: {allowance.Reason}");
                }
                else if (!(isContract && Contracting.Contains(finding.Rule)))
                {
                    open.Add(finding);
                }
            }
        }
        return new(open, allowed);
    }

    private List<LintFinding> Of(SqlStatement statement, SqlScript script)
    {
        List<LintFinding> findings = [];
        if (dialect == SqlDialect.Mysql)
        {
            new MysqlLint(memory, findings.Add).Look(statement);
        }
        else
        {
            new StatementLint(memory, findings.Add).Look(statement);
            if (statement.RefusesTransactions && script.Statements.Count > 1)
            {
                findings.Add(
                    LintRules.ConcurrentNotAlone.At(statement.Line, "Other statements stand in the same file.")
                );
            }
        }
        return findings;
    }
}

/// <param name="Open">What nobody accepted.</param>
/// <param name="Allowed">What comments accept, with their reasons.</param>
public sealed record FileFindings(IReadOnlyList<LintFinding> Open, IReadOnlyList<string> Allowed);
