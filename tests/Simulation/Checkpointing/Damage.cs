using System.Text;
using Millrace.Checkpointing.Storage;
using Millrace.Jobs.Storage;
using Millrace.Simulation;

namespace Millrace.Checkpointing;

/// <summary>Which file of a checkpoint is damaged.</summary>
public enum DamagedFile
{
    /// <summary>What the checkpoint consists of.</summary>
    Metadata,

    /// <summary>What a subtask keeps.</summary>
    State,
}

/// <summary>How it is damaged.</summary>
public enum DamageKind
{
    FlippedBit,
    Missing,
    Truncated,
    Empty,
    NewerVersion,
}

/// <summary>Damages files of checkpoints.</summary>
internal static class Damage
{
    /// <summary>Damages one file of a checkpoint.</summary>
    /// <returns>Its path.</returns>
    public static string Do(
        SimulatedCheckpoints checkpoints,
        CheckpointReference checkpoint,
        DamagedFile file,
        DamageKind kind,
        Random random)
    {
        string folder = $"/{CheckpointFiles.Folder(checkpoint)}/";
        string[] candidates =
        [
            .. checkpoints.Files.Where(path => path.Contains(folder, StringComparison.Ordinal)
                && path.EndsWith(file == DamagedFile.Metadata ? ".json" : ".state", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
        string path = candidates[random.Next(candidates.Length)];
        if (kind == DamageKind.NewerVersion)
        {
            WriteNewer(checkpoints, path, file);
            return path;
        }

        Do(checkpoints, path, kind, random);
        return path;
    }

    /// <summary>Damages a file.</summary>
    public static void Do(SimulatedCheckpoints checkpoints, string path, DamageKind kind, Random random)
    {
        switch (kind)
        {
            case DamageKind.FlippedBit:
                checkpoints.Damage(path, bytes =>
                {
                    byte[] copy = [.. bytes];
                    copy[random.Next(copy.Length)] ^= (byte)(1 << random.Next(8));
                    return copy;
                });
                break;
            case DamageKind.Missing:
                checkpoints.Remove(path);
                break;
            case DamageKind.Truncated:
                checkpoints.Damage(path, bytes => bytes[..random.Next(1, bytes.Length)]);
                break;
            case DamageKind.Empty:
                checkpoints.Damage(path, static _ => []);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "That takes more than the file itself.");
        }
    }

    private static void WriteNewer(SimulatedCheckpoints checkpoints, string path, DamagedFile file)
    {
        if (file == DamagedFile.State)
        {
            WriteNewerState(checkpoints, path);
            return;
        }

        checkpoints.Damage(path, static bytes => [
            .. "millrace-checkpoint 9"u8, .. bytes.AsSpan("millrace-checkpoint 1".Length)]);
    }

    // As a newer release writes it: the metadata has the checksum of the bytes that are there.
    private static void WriteNewerState(SimulatedCheckpoints checkpoints, string path)
    {
        const int VersionAt = 8;
        uint before = 0;
        uint after = 0;
        checkpoints.Damage(path, bytes =>
        {
            before = Execution.Spilling.Checksum.Of(bytes);
            byte[] newer = [.. bytes];
            newer[VersionAt] = 99;
            after = Execution.Spilling.Checksum.Of(newer);
            return newer;
        });
        string metadata = $"{path[..path.LastIndexOf('/')]}/metadata.json";
        checkpoints.Damage(metadata, bytes =>
        {
            string text = Encoding.UTF8.GetString(bytes);
            string json = text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..].TrimEnd('\n')
                .Replace($"{before}", $"{after}", StringComparison.Ordinal);
            return [
                .. JobRecordFormat.HeadOf("millrace-checkpoint"),
                .. Encoding.ASCII.GetBytes(JobRecordFormat.ChecksumOf(Encoding.UTF8.GetBytes(json))),
                (byte)'\n',
                .. Encoding.UTF8.GetBytes(json),
                (byte)'\n'];
        });
    }
}
