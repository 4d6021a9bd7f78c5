using System.Formats.Tar;
using System.Text;
using Fairlead.Drivers.Images;
using Fairlead.Drivers.Registries;
using Fairlead.Engine.Imaging;
using Fairlead.Model.Images;
using Fairlead.Model.Problems;
using Fairlead.Tests.Images;

namespace Fairlead.Tests.Fuzzing;

/// <summary>Readers of what registries, their clients' configs and programs on disk say.</summary>
internal static partial class OutsideReaders
{
    private static readonly Asked Asked = new(
        ImageReference.Parse("ghcr.io/a/b"),
        "give it",
        new("https://ghcr.io/v2/")
    );

    private static IEnumerable<OutsideReader> Images()
    {
        yield return OutsideReader.OfText(
            "image reference",
            text => ImageReference.TryParse(text, out _),
            "localhost:5000/a/b:tag@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "[::1]:5000/x",
            "nginx"
        );
        yield return OutsideReader
            .OfText(
                "image manifest",
                text => ManifestReader.Read(Encoding.UTF8.GetBytes(text)),
                ManifestReaderTests.Docker,
                ManifestReaderTests.Index
            )
            .Refuses<InvalidDataException>();
        yield return OutsideReader
            .OfText("image config", text => ImageConfig.Read(Encoding.UTF8.GetBytes(text)), ManifestReaderTests.Config)
            .Refuses<InvalidDataException>();
        yield return OutsideReader.OfText(
            ".NET's list of packages",
            text => ImagePlan.PackageFiles(text),
            """{"targets":{"x":{"Npgsql/9":{"runtime":{"lib/Npgsql.dll":{}}}}},"libraries":{"Npgsql/9":{"type":"package"}}}"""
        );
        yield return OutsideReader.OfText(
            ".dockerignore",
            text => Fairlead.Drivers.Containers.DockerIgnore.Read(text).LeavesOut("a/b/c.log"),
            "**/*.log\n!a/b\n[a-c]/**\n"
        );
        yield return new OutsideReader("tar of a layer", [Tar()], ReadTar).Refuses<InvalidDataException>();
        yield return new OutsideReader(
            "ELF",
            [File.ReadAllBytes("/bin/true")],
            bytes => ElfFile.TryRead(new MemoryStream(bytes))
        ).Refuses<InvalidDataException>();
    }

    private static IEnumerable<OutsideReader> OfRegistries()
    {
        yield return OutsideReader.OfText(
            "registry's challenge",
            text => AuthChallenge.Read(text),
            """Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push", Basic realm="x\"y" """
        );
        yield return OutsideReader.OfText(
            "registry's refusal",
            text => Fairlead.Drivers.Registries.Errors.Said(Encoding.UTF8.GetBytes(text)),
            """{"errors":[{"code":"DENIED","message":"no"}]}""",
            """{"details":"no"}"""
        );
        yield return OutsideReader
            .OfText(
                "registry's tags",
                text => Registry.ReadTags(Encoding.UTF8.GetBytes(text), Asked),
                """{"name":"a/b","tags":["1","2"]}"""
            )
            .Refuses<ProblemException>();
        yield return OutsideReader
            .OfText(
                "Docker's config",
                text => DockerConfig.Read(text, "ghcr.io", "config.json"),
                """{"auths":{"ghcr.io":{"auth":"Ym9iOnB3"}},"credHelpers":{"gcr.io":"gcloud"},"credsStore":"pass"}"""
            )
            .Refuses<ProblemException>();
        yield return OutsideReader
            .OfText(
                "credential helper's answer",
                text => LoginProgram.Read(text, "docker-credential-x"),
                """{"ServerURL":"ghcr.io","Username":"ann","Secret":"pa55"}"""
            )
            .Refuses<ProblemException>();
    }

    private static byte[] Tar()
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            tar.WriteEntry(
                new PaxTarEntry(TarEntryType.RegularFile, new string('n', 200))
                {
                    DataStream = new MemoryStream(new byte[700]),
                }
            );
            tar.WriteEntry(new GnuTarEntry(TarEntryType.SymbolicLink, "link") { LinkName = new string('l', 200) });
        }
        return stream.ToArray();
    }

    private static void ReadTar(byte[] bytes)
    {
        var tar = new TarReading(new MemoryStream(bytes));
        // A memory stream is read at once: nothing waits here.
        while (tar.NextAsync(CancellationToken.None).GetAwaiter().GetResult() is not null) { }
    }
}
