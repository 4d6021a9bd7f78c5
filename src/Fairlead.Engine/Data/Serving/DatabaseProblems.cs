using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Data.Serving;

/// <summary>What stands in the way of a database that Fairlead runs, in words.</summary>
internal static class DatabaseProblems
{
    public static Problem Unknown(Site site, string name) =>
        new(
            "database.unknown",
            What: $"Fairlead runs no database '{name}' of {site}.",
            Why: "None of that name was made, or its data is gone.",
            Fix: "See what there is: fairlead database list"
        )
        {
            Trouble = Trouble.NotFound,
        };

    public static Problem InUse(Site site, string name) =>
        new(
            "database.in-use",
            What: $"The database '{name}' of {site} stays.",
            Why: "The release that is live names it.",
            Fix: "Take it out of fairlead.yaml and deploy that first."
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem NotGone(Site site, string name) =>
        new(
            "database.not-gone",
            What: $"The database '{name}' of {site} is not made anew.",
            Why: "Its data is there.",
            Fix: $"To have an older state of it: fairlead backup restore {site.App} --database {name}"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem NoStandby(Site site, string name) =>
        new(
            "database.no-standby",
            What: $"Nothing can take the place of the database '{name}' of {site}.",
            Why: "No server follows it, or it was not made yet.",
            Fix: $"Write databases.{name}.standby: true in fairlead.yaml, deploy, and see: fairlead database list"
        )
        {
            Trouble = Trouble.Conflict,
        };

    public static Problem SecretTaken(Site site, string name, string secret) =>
        new(
            "database.secret-taken",
            What: $"No database '{name}' is made for {site}.",
            Why: $"Its address would be the secret {secret}, and that has a value already, which somebody set.",
            Fix: $"If that is where the data is, write: databases.{name}.url: {secret}. Else give this one another: databases.{name}.as: {name.ToUpperInvariant().Replace('-', '_')}_URL"
        )
        {
            Trouble = Trouble.Conflict,
        };
}
