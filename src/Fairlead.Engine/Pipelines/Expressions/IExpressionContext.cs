namespace Fairlead.Engine.Pipelines.Expressions;

/// <summary>What expressions are about.</summary>
public interface IExpressionContext
{
    /// <summary>How what came before went.</summary>
    RunStatus Status { get; }

    /// <summary>The value of a name, in whatever case; null when it is not known, which is no value then.</summary>
    ExpressionValue? Find(string name);

    /// <summary>A digest of all files that fit these globs, in lower-case hexadecimal; empty when none does.</summary>
    string HashFiles(IReadOnlyList<string> globs);
}

/// <summary>How what a job or task comes after went, from good to worse.</summary>
public enum RunStatus
{
    /// <summary>All of it ended well, or was allowed not to.</summary>
    Success,

    /// <summary>Something of it was left out, as its condition did not hold; so nobody can build on it.</summary>
    Skipped,

    /// <summary>Something failed.</summary>
    Failure,

    /// <summary>Somebody, or a newer run, ended it.</summary>
    Cancelled,
}
