/** The mark: one trace goes through, one ends at the wall. */
export function Mark() {
    return (
        <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true"
             focusable="false">
            <rect class="mark-ground" width="32" height="32" rx="7" />
            <path class="mark-leaked" d="M6 10H26" />
            <path class="mark-prevented" d="M6 21H13" />
            <path class="mark-wall" d="M19 15V27" />
        </svg>
    );
}
