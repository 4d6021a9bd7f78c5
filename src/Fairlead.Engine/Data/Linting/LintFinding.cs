using System.Text.Json.Serialization;

namespace Fairlead.Engine.Data.Linting;

/// <summary>How much harm a statement can do.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Harm>))]
public enum Harm
{
    /// <summary>It may surprise somebody, but stops nobody.</summary>
    [JsonStringEnumMemberName("risky")]
    Risky = 1,

    /// <summary>It holds up or breaks what is live.</summary>
    [JsonStringEnumMemberName("dangerous")]
    Dangerous = 2,

    /// <summary>It destroys data for good: nothing but a backup brings it back.</summary>
    [JsonStringEnumMemberName("irreversible")]
    Irreversible = 3,
}

/// <summary>Something that a migration should not do as it is written.</summary>
/// <param name="Rule">Stable, such as <c>index-not-concurrent</c>; allowances name it.</param>
/// <param name="Line">Where its statement begins.</param>
/// <param name="What">What it does to which thing.</param>
/// <param name="Why">Whom that holds up or breaks, with the lock that it takes.</param>
/// <param name="Recipe">How the same is reached without harm.</param>
public sealed record LintFinding(Harm Harm, string Rule, int Line, string What, string Why, string Recipe);

/// <summary>What a database speaks.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SqlDialect>))]
public enum SqlDialect
{
    [JsonStringEnumMemberName("postgres")]
    Postgres,

    [JsonStringEnumMemberName("mysql")]
    Mysql,
}
