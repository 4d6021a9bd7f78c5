using Fairlead.Model.Problems;

namespace Fairlead.Faces.Http;

/// <summary>Thrown when a request is wrong as HTTP, before any operation is asked.</summary>
internal sealed class Refused(int status, Problem problem) : Exception(problem.What)
{
    public int Status { get; } = status;

    public Problem Problem { get; } = problem;
}
