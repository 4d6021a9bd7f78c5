using System.Security.Cryptography;
using System.Text;
using Fairlead.Engine.Data.Sql;
using Fairlead.Model.Data;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Data.Migrations;

/// <summary>A file of SQL that changes a database's schema or data once.</summary>
/// <param name="name">From the folder of migrations, such as <c>0004_add_email.sql</c>; it is known by this name for good.</param>
/// <param name="text">As it is written.</param>
public sealed class MigrationFile(string name, string text)
{
    public string Name => name;

    public string Text => text;

    private const string ContractEnd = ".contract.sql";

    /// <summary>It takes away what an earlier release reads, and runs only once no release does that can come back by itself.</summary>
    public bool IsContract =>
        Name.EndsWith(ContractEnd, StringComparison.OrdinalIgnoreCase) || Script.Directives.Contains("contract");

    /// <summary>SHA-256 of its text in hex; ends of lines do not count, since git may change them.</summary>
    public string Digest =>
        field ??= Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(Text.Replace("\r\n", "\n", StringComparison.Ordinal)))
        );

    /// <summary>As a release knows it.</summary>
    public MigrationMark Mark => new(Name, Digest, IsContract);

    /// <exception cref="ProblemException">It cannot be taken apart.</exception>
    public SqlScript Script => field ??= ReadScript();

    private SqlScript ReadScript()
    {
        try
        {
            return SqlReader.Read(Text);
        }
        catch (FormatException caught)
        {
            throw new ProblemException(
                new Problem(
                    "migration.unreadable",
                    What: $"The migration {Name} cannot be read.",
                    Why: caught.Message,
                    Fix: "End the quotes or the comment, and lint it again: fairlead migration lint"
                )
                {
                    Where = Name,
                    Trouble = Trouble.WrongUse,
                },
                caught
            );
        }
    }
}
