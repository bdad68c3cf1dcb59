using Millrace.Serialization.Emission;
using Millrace.Serialization.Shapes;

namespace Millrace.Serialization;

/// <summary>
/// How data of an older shape of a type is taken over into the present one (docs/formats/records.md).
/// </summary>
internal sealed class ShapeMatching(SerializerRegistrations? registrations)
{
    // Twice as deep as a type may be. A shape read from bytes may be deeper, and the stack is not.
    private const int MaxDepth = 128;

    private int _depth;

    /// <summary>The written shape; the present one itself when both stand for the same bytes.</summary>
    public static TypeShape Pair(TypeShape written, TypeShape target) => written.Equals(target) ? target : written;

    /// <summary>The members of a struct or class in the order of the data, each with the one it goes to.</summary>
    public static IReadOnlyList<MemberPair> PairsOf(TypeShape written, TypeShape target)
    {
        if (ReferenceEquals(written, target))
        {
            return [.. target.WireOrder.Select(member => new MemberPair(member.Shape, member))];
        }

        Dictionary<string, ShapeMember> targets = TargetsOf(written, target);
        return [.. written.WireOrder.Select(member => targets.TryGetValue(member.Name, out ShapeMember? present)
            ? new MemberPair(Pair(member.Shape, present.Shape), present)
            : new MemberPair(member.Shape, null))];
    }

    /// <summary>True when a number is read, of the same or a narrower kind than the one it goes to.</summary>
    public static bool IsNumber(TypeShape written, TypeShape target) =>
        !ReferenceEquals(written, target) && Widening.IsPossible(Widening.KindOf(written), Widening.KindOf(target));

    /// <summary>Checks that every value written with one shape can be read into the other.</summary>
    /// <exception cref="IncompatibleShapeException">Not so; names the first member where it is not.</exception>
    public void Check(TypeShape written, TypeShape target) =>
        Check(written, target, target.Name, new HashSet<(TypeShape, TypeShape)>());

    private void Check(TypeShape written, TypeShape target, string path, HashSet<(TypeShape, TypeShape)> seen)
    {
        if (Pair(written, target) == (object)target || !seen.Add((written, target)) || IsNumber(written, target))
        {
            return;
        }

        if (++_depth > MaxDepth)
        {
            throw new IncompatibleShapeException(
                path, $"the data nests types more than {MaxDepth} levels deep, which no type that was written does");
        }

        CheckParts(written, target, path, seen);
        _depth--;
    }

    private void CheckParts(TypeShape written, TypeShape target, string path, HashSet<(TypeShape, TypeShape)> seen)
    {
        if (target.Kind == ShapeKind.Nullable)
        {
            Check(written.Kind == ShapeKind.Nullable ? written.Element! : written, target.Element!, path, seen);
            return;
        }

        if (written.Kind != target.Kind)
        {
            throw Refused(path, written, target);
        }

        switch (target.Kind)
        {
            case ShapeKind.Sequence or ShapeKind.Set:
                Check(written.Element!, target.Element!, $"{path}[]", seen);
                break;
            case ShapeKind.Map:
                Check(written.Key!, target.Key!, $"{path}[key]", seen);
                Check(written.Element!, target.Element!, $"{path}[value]", seen);
                break;
            case ShapeKind.Struct or ShapeKind.Class:
                CheckMembers(written, target, path, seen);
                break;
            case ShapeKind.Opaque when new OpaqueReader(registrations).Find(written, target) is not null:
                break;
            default:
                throw Refused(path, written, target);
        }
    }

    private void CheckMembers(TypeShape written, TypeShape target, string path, HashSet<(TypeShape, TypeShape)> seen)
    {
        Dictionary<string, ShapeMember> targets = TargetsOf(written, target);
        foreach (ShapeMember member in written.Members)
        {
            if (targets.TryGetValue(member.Name, out ShapeMember? present))
            {
                Check(member.Shape, present.Shape, $"{path}.{present.Name}", seen);
            }
            else if (ShapeGraph.NodesOf(member.Shape).Find(IsUnreadable) is { } unreadable)
            {
                throw new IncompatibleShapeException(
                    $"{path}.{member.Name}",
                    $"the data holds this member although the type no longer has it, and passing over it takes the "
                    + $"serializer of {unreadable.Name}, version {unreadable.Version}; register that serializer");
            }
        }
    }

    private bool IsUnreadable(TypeShape shape) =>
        shape.Kind == ShapeKind.Opaque && new OpaqueReader(registrations).Find(shape) is null;

    /// <summary>By name in the data: the member it goes to. Present names win over former ones.</summary>
    private static Dictionary<string, ShapeMember> TargetsOf(TypeShape written, TypeShape target)
    {
        HashSet<string> names = [.. written.Members.Select(member => member.Name)];
        Dictionary<string, ShapeMember> targets = target.Members
            .Where(member => names.Contains(member.Name))
            .ToDictionary(member => member.Name, StringComparer.Ordinal);
        foreach (ShapeMember member in target.Members.Where(member => !names.Contains(member.Name)))
        {
            string? former = member.OldNames.FirstOrDefault(name => names.Contains(name) && !targets.ContainsKey(name));
            if (former is not null)
            {
                targets.Add(former, member);
            }
        }

        return targets;
    }

    private static IncompatibleShapeException Refused(string path, TypeShape written, TypeShape target) => new(
        path,
        $"the data holds {written.Name} ({written.Kind}), the type now has {target.Name} ({target.Kind}), and one "
        + "cannot be read as the other; keep the former type, or give the member another name");
}
