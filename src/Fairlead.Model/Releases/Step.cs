using System.Text.Json.Serialization;

namespace Fairlead.Model.Releases;

/// <summary>One move of a deployment. The set is closed: a strategy composes these, it does not invent new ones.</summary>
[JsonPolymorphic]
[JsonDerivedType(typeof(Rehearse), "rehearse")]
[JsonDerivedType(typeof(Snapshot), "snapshot")]
[JsonDerivedType(typeof(Save), "save")]
[JsonDerivedType(typeof(Migrate), "migrate")]
[JsonDerivedType(typeof(Run), "run")]
[JsonDerivedType(typeof(Place), "place")]
[JsonDerivedType(typeof(Preview), "preview")]
[JsonDerivedType(typeof(Shift), "shift")]
[JsonDerivedType(typeof(Watch), "watch")]
[JsonDerivedType(typeof(Replace), "replace")]
[JsonDerivedType(typeof(Retire), "retire")]
[JsonDerivedType(typeof(Switch), "switch")]
[JsonDerivedType(typeof(Promote), "promote")]
public abstract record Step
{
    private Step() { }

    /// <summary>Run what is pending on a copy of the newest backup, before anything is touched that is in use.</summary>
    /// <param name="Contracts">Contracts that will run too.</param>
    public sealed record Rehearse(string Database, IReadOnlyList<string> Contracts) : Step
    {
        public bool Equals(Rehearse? other) =>
            other is not null && Database == other.Database && Contracts.SequenceEqual(other.Contracts);

        public override int GetHashCode() => HashCode.Combine(Database, Contracts.Count);

        public override string ToString() => $"rehearse {Database}";
    }

    /// <summary>Have the cloud that runs a database take a snapshot of it, before any database is changed.</summary>
    public sealed record Snapshot(string Database) : Step
    {
        public override string ToString() => $"snapshot {Database}";
    }

    /// <summary>Take a backup of a database, before something is done to it that only a backup brings back.</summary>
    public sealed record Save(string Database) : Step
    {
        public override string ToString() => $"save {Database}";
    }

    /// <summary>Change a database's schema so that the live release and the next one both can use it.</summary>
    /// <param name="Tool">What does it, such as <c>sql</c> for Fairlead's own runner.</param>
    /// <param name="Fresh">Migrations that the live release does not know.</param>
    /// <param name="Contracts">Migrations that take away what no release reads any more that can come back by itself.</param>
    /// <param name="TimeMax">How long it may take.</param>
    public sealed record Migrate(
        string Database,
        string Tool,
        IReadOnlyList<string> Fresh,
        IReadOnlyList<string> Contracts,
        TimeSpan TimeMax
    ) : Step
    {
        private const int NamesMax = 4;

        public bool Equals(Migrate? other) =>
            other is not null
            && (Database, Tool, TimeMax) == (other.Database, other.Tool, other.TimeMax)
            && Fresh.SequenceEqual(other.Fresh)
            && Contracts.SequenceEqual(other.Contracts);

        public override int GetHashCode() => HashCode.Combine(Database, Tool, Fresh.Count, Contracts.Count);

        public override string ToString()
        {
            string[] names = [.. Fresh.Concat(Contracts)];
            return names.Length switch
            {
                0 => $"migrate {Database} by {Tool}",
                <= NamesMax => $"migrate {Database}: {string.Join(", ", names)}",
                _ =>
                    $"migrate {Database}: {string.Join(", ", names.Take(NamesMax))} and {names.Length - NamesMax} more",
            };
        }
    }

    /// <summary>Run a job to its end; what uses it comes after.</summary>
    /// <param name="TimeMax">How long all its attempts may take together.</param>
    public sealed record Run(Part Part, TimeSpan TimeMax) : Step
    {
        public override string ToString() => $"run {Part}";
    }

    /// <summary>Start replicas of a part beside the live one, without traffic, until they are ready.</summary>
    /// <param name="Replicas">How many run when the step is done.</param>
    public sealed record Place(Part Part, int Replicas) : Step
    {
        public override string ToString() => $"place {Part} x{Replicas}";
    }

    /// <summary>Show a part under a host name of its own, until someone promotes it or the hold is over.</summary>
    public sealed record Preview(Part Part, string Host, TimeSpan Hold) : Step
    {
        public override string ToString() => $"preview {Part} at {Host} for {Hold.Text}";
    }

    /// <summary>Give a part this share of its service's traffic; the part before keeps the rest.</summary>
    public sealed record Shift(Part Part, Share Share) : Step
    {
        public override string ToString() => $"shift {Share} to {Part}";
    }

    /// <summary>Go on only after the gates have held for the whole hold; a broken gate takes everything back.</summary>
    /// <param name="Quiet">What to do when too few requests came to tell.</param>
    public sealed record Watch(Part Part, IReadOnlyList<Gate> Gates, TimeSpan Hold, Quiet Quiet) : Step
    {
        public override string ToString() => $"watch {string.Join(", ", Gates)} on {Part} for {Hold.Text}";

        public bool Equals(Watch? other) =>
            other is not null
            && Part == other.Part
            && Gates.SequenceEqual(other.Gates)
            && Hold == other.Hold
            && Quiet == other.Quiet;

        public override int GetHashCode() => HashCode.Combine(Part, Gates.Count, Hold, Quiet);
    }

    /// <summary>Stop the part before, then start this one: requests are held at the edge meanwhile.</summary>
    public sealed record Replace(Part Part, int Replicas) : Step
    {
        public override string ToString() => $"replace with {Part} x{Replicas}";
    }

    /// <summary>Drain and stop replicas of a part until this many are left.</summary>
    public sealed record Retire(Part Part, int Left) : Step
    {
        public override string ToString() => Left == 0 ? $"retire {Part}" : $"retire {Part} to x{Left}";
    }

    /// <summary>Give all traffic of several services to these parts, in one atomic step.</summary>
    public sealed record Switch(IReadOnlyList<Part> Parts) : Step
    {
        public override string ToString() => $"switch to {string.Join(", ", Parts)}";

        public bool Equals(Switch? other) => other is not null && Parts.SequenceEqual(other.Parts);

        public override int GetHashCode() => Parts.Count;
    }

    /// <summary>The release is live; what it replaces stays warm for its keep time and is then retired.</summary>
    public sealed record Promote(int Release) : Step
    {
        public override string ToString() => $"promote release {Release}";
    }
}

/// <summary>What to do when a gate could not be judged because too few requests came.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Quiet>))]
public enum Quiet
{
    /// <summary>Go on, and say so: the replicas are healthy, nothing more is known.</summary>
    [JsonStringEnumMemberName("proceed")]
    Proceed,

    /// <summary>Hold on until enough requests came or the deployment's deadline passed.</summary>
    [JsonStringEnumMemberName("wait")]
    Wait,

    /// <summary>Take it back as inconclusive.</summary>
    [JsonStringEnumMemberName("rollback")]
    Rollback,
}
