using System.Globalization;
using System.Runtime.CompilerServices;
using Fairlead.Engine.Pipelines.Files;
using Fairlead.Engine.Pipelines.Vendors;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Problems;

namespace Fairlead.Tests.Pipelines.Vendors;

/// <summary>
/// Files of CI systems beside what is made of them. Run once with FAIRLEAD_GOLDEN=write to take new answers, and read the difference.
/// </summary>
internal static class VendorFiles
{
    public static readonly string Folder = Here();

    /// <summary>It is refused in words, or what is made of it is a pipeline.</summary>
    public static void Survives(string system, string text)
    {
        Pipeline pipeline;
        try
        {
            pipeline = AllVendors.Find(system)!.Read!(text, "file", static _ => null).Pipeline;
        }
        catch (ProblemException)
        {
            return;
        }
        var written = PipelineWriter.Write(pipeline);
        try
        {
            Assert.Equal(PipelineText.Of(pipeline), PipelineText.Of(PipelineReader.Read(written)));
        }
        catch (ProblemException found)
        {
            // Circles of needs, and names that cannot be, are the file's own.
            Assert.All(
                found.Problems,
                one =>
                    Assert.True(
                        one.Code is "manifest.circle" or "manifest.unknown-need" or "manifest.bad-value",
                        $"{one}\n{written}"
                    )
            );
        }
    }

    /// <summary>The only task of a job has its name.</summary>
    public static Job Named(Job job) =>
        job.Tasks is [var only] ? job with { Tasks = [only with { Name = job.Name }] } : job;

    public static string Coverage(IReadOnlyList<TranslationNote> notes) =>
        string.Join(
            ", ",
            Enum.GetValues<Fate>()
                .Select(fate =>
                    string.Create(CultureInfo.InvariantCulture, $"{fate}: {notes.Count(one => one.Fate == fate)}")
                )
        );

    public static void Same(string file, string actual)
    {
        var path = Path.Combine(Folder, file);
        if (Environment.GetEnvironmentVariable("FAIRLEAD_GOLDEN") == "write")
        {
            File.WriteAllText(path, actual);
        }
        Assert.Equal(File.ReadAllText(path), actual);
    }

    public static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
